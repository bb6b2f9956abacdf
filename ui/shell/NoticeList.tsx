import { useStream } from '../base/useStream.ts';
import { Icon } from '../controls/Icon.tsx';
import type { Notices } from '../model/Notices.ts';
import { useTexts } from '../texts/useTexts.ts';

/** Shows the current notices, each with its action and a button that dismisses it. */
export function NoticeList({ notices }: { readonly notices: Notices }) {
  const texts = useTexts().shell;
  const shown = useStream(notices.shown$) ?? [];
  return (
    <div class="notices" role="status" aria-live="polite">
      {shown.map(({ id, text, kind, action }) => (
        <div key={id} class={`notice ${kind}`}>
          <span>{text}</span>
          {action === null ? null : (
            <button
              type="button"
              class="button"
              onClick={() => {
                action.run();
                notices.dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="tool" aria-label={texts.dismiss} onClick={() => notices.dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
