import { useEffect, useState } from 'preact/hooks';
import { chooseLanguage, LANGUAGE_NAMES, LANGUAGES, language$ } from '../base/language.ts';
import { chooseTheme, nextChoice, themeChoice$ } from '../base/theme.ts';
import { useRemembered } from '../base/useRemembered.ts';
import { useStream } from '../base/useStream.ts';
import { Choice } from '../controls/Choice.tsx';
import { Icon } from '../controls/Icon.tsx';
import { Segmented } from '../controls/Segmented.tsx';
import { RecordingView } from '../recording/RecordingView.tsx';
import { useUpload } from '../recording/useUpload.ts';
import { BrandMark } from '../shell/BrandMark.tsx';
import { NoticeList } from '../shell/NoticeList.tsx';
import { PageDrop } from '../shell/PageDrop.tsx';
import { useTexts } from '../texts/useTexts.ts';
import { lackingFeatures } from './featureTests.ts';
import { type LiveObjects, LiveView } from './live/LiveView.tsx';
import type { LocalDesk } from './recording/LocalDesk.ts';
import type { Effort } from './work/workMessages.ts';

const THEME_ICONS = { system: 'auto', dark: 'moon', light: 'sun' } as const;
const EFFORTS: readonly Effort[] = ['full', 'draft'];
const VIEWS = ['recording', 'live'] as const;
type View = (typeof VIEWS)[number];

interface WebAppProps extends LiveObjects {
  readonly desk: LocalDesk;
}

/** The web edition: recordings and live separation in this page alone. */
export function WebApp({ desk, ...parts }: WebAppProps) {
  const { notices, kept, bundled } = parts;
  const texts = useTexts();
  const [view, setView] = useRemembered<View>('web.view', 'recording', VIEWS);
  const recording = useStream(desk.recording$);
  const own = useStream(kept.voices$) ?? kept.voices$.value;
  const uploading = useUpload(recording, () => setView('recording'));
  useEffect(() => {
    const refusals = desk.refusals$.subscribe((reason) => notices.problem(reason));
    return () => refusals.unsubscribe();
  }, [desk, notices]);
  const openDemo = () =>
    void bundled.demo().then(
      (file) => uploading.open([file]),
      (error) => notices.problem(error),
    );
  return (
    <div class="shell" data-side="closed" data-view="web">
      <TopBar view={view} onView={setView} />
      {view === 'live' ? (
        <LiveView {...parts}>
          <Lacks />
        </LiveView>
      ) : (
        <main class="web-recording">
          <div class="web-bar">
            <span class="dim">{texts.web.privacy}</span>
            {recording === null && uploading.upload === null ? (
              <button type="button" class="button" onClick={openDemo}>
                {texts.web.openDemo}
              </button>
            ) : null}
            <EffortChoice desk={desk} />
          </div>
          <Lacks />
          <RecordingView openRecording={recording} presets={own.map(({ parsed }) => parsed)} uploading={uploading} />
        </main>
      )}
      <NoticeList notices={notices} />
      <PageDrop onFiles={uploading.open} />
    </div>
  );
}

/** What this browser cannot do, if anything. */
function Lacks() {
  const texts = useTexts().web.lacks;
  const [lacks] = useState(lackingFeatures);
  if (lacks.length === 0) return null;
  return (
    <ul class="web-lacks">
      {lacks.map((feature) => (
        <li key={feature}>{texts[feature]}</li>
      ))}
    </ul>
  );
}

function EffortChoice({ desk }: { readonly desk: LocalDesk }) {
  const texts = useTexts().web;
  const effort = useStream(desk.effort$) ?? 'full';
  return (
    <span class="web-effort">
      <span class="dim" aria-hidden="true">
        {texts.effort}
      </span>
      <Segmented
        label={texts.effort}
        value={effort}
        choices={EFFORTS.map((value) => ({ value, ...texts.efforts[value] }))}
        onChange={(value) => desk.effort$.next(value)}
      />
    </span>
  );
}

function TopBar({ view, onView }: { readonly view: View; readonly onView: (view: View) => void }) {
  const texts = useTexts();
  const theme = useStream(themeChoice$) ?? 'system';
  const language = useStream(language$) ?? LANGUAGES[0];
  return (
    <header class="top">
      <h1 class="brand" aria-label={texts.web.page}>
        <BrandMark />
      </h1>
      <Segmented
        label={texts.shell.page}
        value={view}
        choices={VIEWS.map((value) => ({ value, ...texts.shell.views[value] }))}
        onChange={onView}
      />
      <span class="web-space" />
      <Choice
        label={texts.web.language}
        isLabelHidden
        value={language}
        choices={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChange={(value) => {
          const chosen = LANGUAGES.find((each) => each === value);
          if (chosen !== undefined) chooseLanguage(chosen);
        }}
      />
      <button
        type="button"
        class="tool"
        aria-label={texts.shell.themes[theme]}
        title={texts.shell.themes[theme]}
        onClick={() => chooseTheme(nextChoice(theme))}
      >
        <Icon name={THEME_ICONS[theme]} />
      </button>
    </header>
  );
}
