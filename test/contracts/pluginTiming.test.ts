import { describePluginContract } from './pluginContract.ts';

describePluginContract(({ isMeasurement }) => isMeasurement === true);
