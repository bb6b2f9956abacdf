// Functions exported to engine/kernel/KernelFunctions.ts. Detached comments keep them in this order.

export { forwardFft, inverseFft } from './fourier';

// Factorization of whole recordings, products for learning.

export { updateActivations, updateTemplates } from './factors';
export { gatherFrames, multiplyFrames } from './products';

// Learning of small networks.

export { adamStep, applyTanh, correlateFrames } from './learning';

// Activations with templates held fixed.

export { multiplyTemplates, solve } from './solver';
