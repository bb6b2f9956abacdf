import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ListedPreset, Strip } from '../../host/protocol/LiveState.ts';
import type { OpenRecording } from '../../host/protocol/recordingState.ts';
import { voiceColour } from '../../host/protocol/voiceColours.ts';
import { useTexts } from '../texts/useTexts.ts';
import { flacFile } from './flacFile.ts';
import { PanBar } from './PanBar.tsx';
import { RecordingBar, stem, type TrackFileFormat } from './RecordingBar.tsx';
import { type SavedFile, useDesk } from './RecordingDesk.ts';
import { SHORTEST_SEGMENT_SECONDS } from './segmentEdges.ts';
import { Timeline } from './Timeline.tsx';
import { panTo, pixelOf, resizeView, reveal, spanSeconds, type TimeView, wholeView, zoomAbout } from './TimeView.ts';
import { TransportBar, ZOOM_STEP } from './TransportBar.tsx';
import { type Listening, UNITY_STRIP } from './trackGains.ts';
import { useOverview } from './useOverview.ts';
import { useRecordingKeys } from './useRecordingKeys.ts';
import { useSegments } from './useSegments.ts';
import { totalSamples, usePlayableTracks, useTrackPlayer } from './useTrackPlayer.ts';
import { VoiceRow } from './VoiceRow.tsx';

interface OpenedRecordingProps {
  readonly recording: OpenRecording;
  readonly presets: readonly Pick<ListedPreset, 'name'>[];
  readonly onFiles: (files: readonly File[]) => void;
}

/** Key of the strip of the rest; no voice has an empty name. */
const REST = '';
const REST_COLOUR = '#8f8f8f';
/** Height of a lane, and of the row beside it. */
const LANE_PIXELS = 64;
/** Without a row beside it. */
const NARROW_LANE_PIXELS = 30;
const NARROW_PIXELS = 760;
/** Least height of waveform and spectrogram. */
const OVERVIEW_PIXELS = 128;
/** Its height without rows beside it. */
const NARROW_OVERVIEW_PIXELS = 200;
/** What is being saved is not cancelled. */
const NEVER = new AbortController().signal;
/** Length of a segment that a button adds. */
const ADDED_SECONDS = 1;

/** The open recording: bar of actions, timeline with a row for each voice, transport. */
export function OpenedRecording({ recording, presets, onFiles }: OpenedRecordingProps) {
  const { recordings, notices, send, save } = useDesk();
  const texts = useTexts().recording;
  const { id, name, voices, phase, problem, remarks, tracks, tracksRevision } = recording;
  const [view, setView] = useState<TimeView>(() => wholeView(recording.seconds, 1000));
  const [listening, setListening] = useState<Listening>('mixture');
  const [strips, setStrips] = useState<Readonly<Record<string, Strip>>>({});
  const [isNarrow, setNarrow] = useState(false);
  const [format, setFormat] = useState<TrackFileFormat>('wav');
  const body = useRef<HTMLDivElement>(null);
  const list = useSegments(recording);
  const { overview } = useOverview(recording);
  const hasTracks = usePlayableTracks(recording);
  const rows = hasTracks ? [...voices.map((voice) => voice.name), REST] : voices.map((voice) => voice.name);
  const shownStrips = rows.map((each) => strips[each] ?? UNITY_STRIP);
  const player = useTrackPlayer(recording, hasTracks, hasTracks ? listening : 'mixture', shownStrips);
  const zoom = (factor: number) => {
    const at = pixelOf(view, player.positionSeconds);
    setView(zoomAbout(view, factor, at >= 0 && at <= view.widthPixels ? at : view.widthPixels / 2));
  };
  useRecordingKeys((action) => {
    if (action.type === 'play') player.toggle();
    else if (action.type === 'seekBy') player.seek(player.positionSeconds + action.seconds);
    else if (action.type === 'seekTo') player.seek(action.end === 'start' ? 0 : view.durationSeconds);
    else if (action.type === 'zoom') zoom(action.isCloser ? ZOOM_STEP : 1 / ZOOM_STEP);
    else if (action.type === 'page') setView(panTo(view, view.startSeconds + action.pages * 0.9 * spanSeconds(view)));
    else if (action.type === 'whole') setView(wholeView(view.durationSeconds, view.widthPixels));
    else if (phase === 'ready') send({ type: action.type === 'undo' ? 'undoRecording' : 'redoRecording' });
    if (action.type === 'seekTo') setView(reveal(view, player.positionSeconds));
  });
  const setWidth = useCallback((pixels: number) => setView((was) => resizeView(was, pixels)), []);
  useEffect(() => {
    const element = body.current!;
    const sizes = new ResizeObserver(() => setNarrow(element.clientWidth < NARROW_PIXELS));
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  // New tracks are played at once.
  useEffect(() => setListening(tracks === 'none' ? 'mixture' : 'tracks'), [tracks === 'none', tracksRevision]);
  const onKeep = useKeptNotice(presets);

  const trackFile = (trackName: string, track: number): SavedFile => {
    const sound = {
      sampleRateHertz: recording.sampleRateHertz,
      totalSamples: totalSamples(recording),
      read: (fromSample: number, samples: number) =>
        recordings.sound(id, { track, tracksRevision, fromSample, samples }, NEVER),
    };
    return {
      name: `${stem(name)} ${trackName}.${format}`,
      content: () => (format === 'flac' ? flacFile(sound) : recordings.track(id, track, tracksRevision)),
    };
  };
  const saveAll = (files: readonly SavedFile[]) => void save(files).catch((error) => notices.problem(error));
  const addSegment = (voice: number) => {
    const latest = Math.max(0, view.durationSeconds - SHORTEST_SEGMENT_SECONDS);
    const startSeconds = Math.min(latest, player.positionSeconds);
    const endSeconds = Math.min(view.durationSeconds, startSeconds + ADDED_SECONDS);
    send({ type: 'editRecording', edit: { type: 'add', voice, startSeconds, endSeconds } });
  };
  const rename = (voice: number, from: string, to: string) => {
    const { [from]: strip } = strips;
    if (strip !== undefined) setStrips({ ...strips, [to]: strip });
    send({ type: 'editRecording', edit: { type: 'rename', voice, name: to } });
  };
  const lanePixels = isNarrow ? NARROW_LANE_PIXELS : LANE_PIXELS;
  const colours = rows.map((_, row) => (row < voices.length ? voiceColour(row) : REST_COLOUR));
  const notes = [
    ...(problem === null ? [] : [problem]),
    ...remarks,
    ...(tracks === 'outdated' ? [texts.outdated] : []),
  ];
  return (
    <>
      <RecordingBar
        recording={recording}
        hasSegments={list.segments.length > 0}
        hasTracks={hasTracks}
        onFiles={onFiles}
        format={format}
        onFormat={setFormat}
        onSaveTracks={() => saveAll([...voices.map((voice) => voice.name), texts.rest].map(trackFile))}
      />
      {notes.length === 0 ? null : (
        <div class="remarks" role="status" data-problem={problem !== null}>
          <ul>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
      <div
        ref={body}
        class="recording-body"
        data-narrow={isNarrow}
        style={{
          '--lane': `${lanePixels}px`,
          '--timeline': `${NARROW_OVERVIEW_PIXELS + rows.length * lanePixels}px`,
          gridTemplateRows: isNarrow
            ? undefined
            : `minmax(${OVERVIEW_PIXELS}px, 1fr)${rows.map(() => ` ${LANE_PIXELS}px`).join('')}`,
        }}
      >
        <Timeline
          view={view}
          onView={setView}
          onWidth={setWidth}
          player={player}
          overview={overview}
          voices={voices}
          colours={colours}
          lanePixels={lanePixels}
          isNamed={isNarrow}
          list={list}
          isLocked={phase !== 'ready'}
        />
        <MixtureRow voices={voices.length} />
        {rows.map((key, row) => {
          const voice = voices[row];
          const rowName = voice?.name ?? texts.rest;
          return (
            <VoiceRow
              key={row}
              name={rowName}
              colour={colours[row] ?? REST_COLOUR}
              strip={shownStrips[row] ?? UNITY_STRIP}
              hasTrack={hasTracks}
              onStrip={(strip) => setStrips({ ...strips, [key]: strip })}
              onDownload={() => saveAll([trackFile(rowName, row)])}
              editing={
                voice === undefined
                  ? null
                  : {
                      voice,
                      others: voices.flatMap((each, other) =>
                        other === row ? [] : [{ voice: other, name: each.name }],
                      ),
                      isBusy: phase !== 'ready',
                      onRename: (to) => rename(row, rowName, to),
                      onAddSegment: () => addSegment(row),
                      onMerge: (into) => send({ type: 'editRecording', edit: { type: 'merge', voice: row, into } }),
                      onKeep: () => {
                        onKeep(rowName);
                        send({ type: 'keepVoice', voice: row });
                      },
                    }
              }
            />
          );
        })}
      </div>
      <PanBar view={view} onView={setView} />
      <TransportBar
        player={player}
        view={view}
        onView={setView}
        onZoom={zoom}
        listening={listening}
        onListening={hasTracks ? setListening : null}
      />
    </>
  );
}

/** Beside the waveform and spectrogram: what to do next. */
function MixtureRow({ voices }: { readonly voices: number }) {
  const texts = useTexts().recording;
  const { space, arrows, digits, delete: remove, wheel, doubleClick } = texts.keys;
  return (
    <div class="mixture-row">
      <strong>{texts.mixture}</strong>
      {voices === 0 ? (
        <p class="dim">{texts.noVoices}</p>
      ) : (
        <>
          <p class="dim">{texts.correct}</p>
          <dl class="keys">
            <dt>{space.key}</dt>
            <dd>{space.effect}</dd>
            <dt>{arrows.key}</dt>
            <dd>{arrows.effect}</dd>
            <dt>{digits.key(voices)}</dt>
            <dd>{digits.effect}</dd>
            <dt>{remove.key}</dt>
            <dd>{remove.effect}</dd>
            <dt>{wheel.key}</dt>
            <dd>{wheel.effect}</dd>
            <dt>{doubleClick.key}</dt>
            <dd>{doubleClick.effect}</dd>
          </dl>
        </>
      )}
    </div>
  );
}

/** Shows a notice when a voice has been added to the library. @returns a function to be called with the name that is expected */
function useKeptNotice(presets: readonly Pick<ListedPreset, 'name'>[]): (name: string) => void {
  const { notices } = useDesk();
  const texts = useTexts().recording;
  const expected = useRef<string | null>(null);
  const before = useRef(presets);
  useLayoutEffect(() => {
    const { current: name } = expected;
    const has = (list: typeof presets) => list.some((preset) => preset.name === name);
    if (name !== null && has(presets) && !has(before.current)) {
      notices.show(texts.inLibrary(name));
      expected.current = null;
    }
    before.current = presets;
  }, [presets, notices, texts]);
  return (name) => {
    expected.current = name;
  };
}
