import { type TelemetryFrame, telemetryBytes, writeTelemetryFrame } from '../../../engine/realtime/telemetryFrame.ts';

export function encodeTelemetryFrame(frame: TelemetryFrame): Uint8Array {
  const bytes = new Uint8Array(telemetryBytes(frame.speakers.map((speaker) => speaker.activations.length)));
  writeTelemetryFrame(frame, bytes, new DataView(bytes.buffer));
  return bytes;
}
