import type { LiveState } from '../../host/protocol/LiveState.ts';
import { percentText } from '../base/numberText.ts';
import { useTexts } from '../texts/useTexts.ts';

/** Pairwise similarity of the loaded speakers' templates. */
export function SimilarityTable({ state: { settings, similarity } }: { readonly state: LiveState }) {
  const { speakers } = settings;
  const texts = useTexts().health;
  if (speakers.length < 2 || similarity.length !== speakers.length ** 2) return null;
  return (
    <table class="similarity">
      <caption>{texts.similarity}</caption>
      <tbody>
        {speakers.map(({ preset, colour }, row) => (
          <tr key={row}>
            <th scope="row" title={preset} style={{ '--speaker': colour }}>
              {preset}
            </th>
            {speakers.map((other, column) => {
              const share = similarity[row * speakers.length + column] ?? 0;
              const isSelf = row === column;
              return (
                <td
                  key={column}
                  title={isSelf ? preset : texts.similarityOf(preset, other.preset, percentText(share))}
                  style={{ '--similarity': isSelf ? 0 : share }}
                >
                  {isSelf ? '' : Math.round(share * 100)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
