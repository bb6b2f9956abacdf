import { render } from 'preact';
import { followLanguage } from '../base/language.ts';
import { followTheme } from '../base/theme.ts';
import { Notices } from '../model/Notices.ts';
import { RenderLoop } from '../model/RenderLoop.ts';
import { type RecordingDesk, RecordingDeskContext } from '../recording/RecordingDesk.ts';
import { currentTexts } from '../texts/useTexts.ts';
import { LiveSeparation } from './live/LiveSeparation.ts';
import { LocalDesk } from './recording/LocalDesk.ts';
import { registerServiceWorker } from './registerServiceWorker.ts';
import { saveFiles } from './sound/saveFiles.ts';
import { BundledFiles } from './storage/BundledFiles.ts';
import { KeptVoices } from './storage/KeptVoices.ts';
import { WebApp } from './WebApp.tsx';
import '../styles/theme.css';
import '../styles/shell.css';
import '../styles/controls.css';
import '../styles/mixer.css';
import '../styles/side.css';
import '../styles/recording.css';
import '../styles/screens.css';
import '../styles/web.css';

followLanguage();
followTheme();
document.title = currentTexts().web.page;
const notices = new Notices();
const renderLoop = new RenderLoop();
const bundled = new BundledFiles();
const kept = await KeptVoices.open();
const local = new LocalDesk(kept, bundled);
const live = new LiveSeparation(kept, bundled, (error) => notices.problem(error));
const desk: RecordingDesk = {
  recordings: local,
  send: local.send,
  refusals$: local.refusals$,
  save: saveFiles,
  notices,
  renderLoop,
};
// A file dropped outside a drop zone would otherwise replace the page.
for (const event of ['dragover', 'drop'] as const) addEventListener(event, (dragged) => dragged.preventDefault());
render(
  <RecordingDeskContext.Provider value={desk}>
    <WebApp desk={local} live={live} kept={kept} bundled={bundled} notices={notices} renderLoop={renderLoop} />
  </RecordingDeskContext.Provider>,
  document.getElementById('panel')!,
);
registerServiceWorker(() => notices.show(currentTexts().web.readyOffline));
