export { forwardFft, inverseFft } from './fourier';
export { updateActivations, updateTemplates } from './factors';
export { multiplyTemplates, solve } from './solver';
