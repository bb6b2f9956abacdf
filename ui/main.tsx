import { render } from 'preact';
import { StatusHistory } from '../host/protocol/StatusHistory.ts';
import { followLanguage } from './base/language.ts';
import { saveBlobs } from './base/saveBlob.ts';
import { followTheme } from './base/theme.ts';
import { HostFiles } from './link/HostFiles.ts';
import { HostLink } from './link/HostLink.ts';
import { pageToken } from './link/pageToken.ts';
import { RecordingFiles } from './link/RecordingFiles.ts';
import { Listening } from './listening/Listening.ts';
import { PictureDelay } from './listening/PictureDelay.ts';
import { MidiControl } from './midi/MidiControl.ts';
import { Notices } from './model/Notices.ts';
import { PanelContext, type PanelObjects } from './model/PanelContext.ts';
import { RecentCounters } from './model/RecentCounters.ts';
import { RenderLoop } from './model/RenderLoop.ts';
import { TelemetryHistory } from './model/TelemetryHistory.ts';
import { TemplateCurveCache } from './model/TemplateCurveCache.ts';
import { type RecordingDesk, RecordingDeskContext } from './recording/RecordingDesk.ts';
import { App } from './shell/App.tsx';
import './styles/theme.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/mixer.css';
import './styles/visualizer.css';
import './styles/side.css';
import './styles/midi.css';
import './styles/recording.css';
import './styles/start.css';
import './styles/screens.css';

followLanguage();
const token = await pageToken();
const socketAddress = (path: string) => `ws://${location.host}/${path}?token=${encodeURIComponent(token)}`;
const link = new HostLink(socketAddress('live'));
const telemetryHistory = new TelemetryHistory();
const files = new HostFiles(token);
const statusHistory = new StatusHistory();
const objects: PanelObjects = {
  link,
  files,
  recordings: new RecordingFiles(files),
  templateCurves: new TemplateCurveCache(files),
  telemetryHistory,
  statusHistory,
  recentCounters: new RecentCounters(),
  renderLoop: new RenderLoop(),
  notices: new Notices(),
  midi: new MidiControl(link),
  listening: new Listening(socketAddress('sound')),
};
const desk: RecordingDesk = {
  recordings: objects.recordings,
  send: (message) => link.send(message),
  refusals$: link.refusals$,
  save: saveBlobs,
  notices: objects.notices,
  renderLoop: objects.renderLoop,
};

followTheme();
link.state$.subscribe(({ settings }) => telemetryHistory.arrange(settings.speakers.map(({ id }) => id)));
link.statusHistory$.subscribe((points) => statusHistory.restore(points));
link.status$.subscribe((status) => {
  statusHistory.push(status);
  objects.recentCounters.push(status);
});
const pictures = new PictureDelay((frame) => {
  telemetryHistory.push(frame);
  if (telemetryHistory.isVersionMismatch) reloadOnce();
});
link.telemetry$.subscribe((frame) => pictures.push(frame, objects.listening.delaySeconds, performance.now() / 1000));
// A file dropped outside a drop zone would otherwise replace the page.
for (const event of ['dragover', 'drop'] as const) addEventListener(event, (dragged) => dragged.preventDefault());
render(
  <PanelContext.Provider value={objects}>
    <RecordingDeskContext.Provider value={desk}>
      <App />
    </RecordingDeskContext.Provider>
  </PanelContext.Provider>,
  document.getElementById('panel')!,
);
link.open();

/** After an update of the host, its current page matches its telemetry. Reloads at most once, in case it does not. */
function reloadOnce(): void {
  const key = 'unmingle.reloaded';
  if (sessionStorage.getItem(key) !== null) return;
  sessionStorage.setItem(key, 'yes');
  location.reload();
}
