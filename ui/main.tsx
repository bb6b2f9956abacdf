import { render } from 'preact';
import { followTheme } from './base/theme.ts';
import { HostFiles } from './link/HostFiles.ts';
import { HostLink } from './link/HostLink.ts';
import { Notices } from './link/Notices.ts';
import { MidiControl } from './midi/MidiControl.ts';
import { PanelContext } from './model/PanelContext.ts';
import { RenderLoop } from './model/RenderLoop.ts';
import { StatusHistory } from './model/StatusHistory.ts';
import { TelemetryHistory } from './model/TelemetryHistory.ts';
import { TemplateCurveCache } from './model/TemplateCurveCache.ts';
import { App } from './shell/App.tsx';
import './styles/theme.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/mixer.css';
import './styles/visualizer.css';
import './styles/side.css';
import './styles/midi.css';

const token = new URLSearchParams(location.search).get('token') ?? '';
const link = new HostLink(`ws://${location.host}/live?token=${encodeURIComponent(token)}`);
const history = new TelemetryHistory();
const files = new HostFiles(token);
const past = new StatusHistory();
const parts = {
  ...{ link, history, past, files, presetManager: new TemplateCurveCache(files) },
  ...{ pictures: new RenderLoop(), notices: new Notices(), midi: new MidiControl(link) },
};

followTheme();
link.state$.subscribe(({ settings }) => history.arrange(settings.speakers.map(({ preset }) => preset)));
link.past$.subscribe((points) => past.restore(points));
link.status$.subscribe((status) => past.push(status));
link.telemetry$.subscribe((frame) => {
  history.push(frame);
  if (history.isForeign) reloadOnce();
});
// A file that misses its place must not replace the panel with itself.
for (const event of ['dragover', 'drop'] as const) addEventListener(event, (dragged) => dragged.preventDefault());
render(
  <PanelContext.Provider value={parts}>
    <App />
  </PanelContext.Provider>,
  document.getElementById('panel')!,
);
link.open();

/** The host was updated under an open page: the page that it serves now fits. Where even that does not, reloading again won't help. */
function reloadOnce(): void {
  const key = 'unmingle.reloaded';
  if (sessionStorage.getItem(key) !== null) return;
  sessionStorage.setItem(key, 'yes');
  location.reload();
}
