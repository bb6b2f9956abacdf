import type { LiveState } from '../../host/protocol/LiveState.ts';
import { percentText } from '../base/numberText.ts';

/** Likeness of the loaded speakers' templates, each with each. */
export function SimilarityTable({ state: { settings, similarity } }: { readonly state: LiveState }) {
  const { speakers } = settings;
  if (speakers.length < 2 || similarity.length !== speakers.length ** 2) return null;
  return (
    <table class="similarity">
      <caption>Likeness of templates</caption>
      <tbody>
        {speakers.map(({ preset, colour }, row) => (
          <tr key={row}>
            <th scope="row" title={preset} style={{ '--speaker': colour }}>
              {preset}
            </th>
            {speakers.map((other, column) => {
              const likeness = similarity[row * speakers.length + column]!;
              const isSelf = row === column;
              return (
                <td
                  key={column}
                  title={isSelf ? preset : `${preset} and ${other.preset}: ${percentText(likeness)}`}
                  style={{ '--likeness': isSelf ? 0 : likeness }}
                >
                  {isSelf ? '' : Math.round(likeness * 100)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
