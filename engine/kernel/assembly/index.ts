export { forwardFft, inverseFft } from './fourier';
export { updateActivations, updateTemplates } from './factors';
export { gatherFrames, multiplyFrames } from './products';
export { multiplyTemplates, solve } from './solver';
