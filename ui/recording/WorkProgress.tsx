import { percentText } from '../base/numberText.ts';
import { useTexts } from '../texts/useTexts.ts';

interface WorkProgressProps {
  /** Such as `Finding voices`. */
  readonly label: string;
  readonly detail: string | null;
  /** 0 to 1 */
  readonly progress: number;
  readonly onCancel: () => void;
}

/** Progress of the present work, and a button that stops it. */
export function WorkProgress({ label, detail, progress, onCancel }: WorkProgressProps) {
  const texts = useTexts().recording;
  return (
    <div class="work">
      <span class="work-label">
        <strong>{label}</strong> {detail === null ? '' : `${detail} `}
        <span class="dim">{percentText(progress)}</span>
      </span>
      <div
        class="progress"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(progress * 100)}
        style={{ '--share': progress }}
      >
        <div class="progress-fill" />
      </div>
      <button type="button" class="button" onClick={onCancel}>
        {texts.cancel}
      </button>
    </div>
  );
}
