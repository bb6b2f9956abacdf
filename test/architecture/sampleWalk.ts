/**
 * The way of a microphone sample to the loudspeaker, as ARCHITECTURE.md draws it. `holder`: the object that hands the sample on. `calls`:
 * what it calls in lower rooms, and returns from, meanwhile.
 */
export const SAMPLE_WALK: readonly { readonly holder: string; readonly calls: readonly string[] }[] = [
  { holder: 'host/audio/backend/PortAudioBackend.ts', calls: [] },
  { holder: 'host/audioProcess/LiveAudio.ts', calls: [] },
  { holder: 'engine/realtime/InputPort.ts', calls: ['engine/core/SampleRing.ts'] },
  { holder: 'host/audioProcess/engineWorker.ts', calls: [] },
  {
    holder: 'engine/realtime/LiveEngine.ts',
    calls: [
      'engine/core/SampleRing.ts',
      'engine/separator/Separator.ts',
      'engine/separator/SeparationChain.ts',
      'engine/core/CircularBuffer.ts',
      'engine/stft/Stft.ts',
      'engine/kernel/RealFft.ts',
      'engine/stft/magnitudes.ts',
      'engine/separator/SpeakerSetSolver.ts',
      'engine/factorization/ActivationSolver.ts',
      'engine/kernel/MatrixVectorProduct.ts',
      'engine/separator/MaskRefinement.ts',
      'engine/network/MaskNetworkInference.ts',
      'engine/separator/WienerMask.ts',
      'engine/stft/InverseStft.ts',
      'engine/kernel/RealFft.ts',
    ],
  },
  { holder: 'engine/realtime/Mixer.ts', calls: ['engine/core/SampleRing.ts'] },
  { holder: 'host/audio/backend/PortAudioBackend.ts', calls: [] },
  { holder: 'host/audioProcess/LiveAudio.ts', calls: [] },
  { holder: 'engine/realtime/PlayoutBuffer.ts', calls: ['engine/core/SampleRing.ts'] },
  { holder: 'engine/realtime/AdaptiveResampler.ts', calls: ['engine/core/CircularBuffer.ts'] },
  { holder: 'host/audio/backend/PortAudioBackend.ts', calls: [] },
];
