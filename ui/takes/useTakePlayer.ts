import { useEffect, useRef, useState } from 'preact/hooks';
import { saveBlob } from '../base/saveBlob.ts';
import { usePanel } from '../model/PanelContext.ts';

interface TakePlayer {
  /** Take and file that are heard, `take/file`; null: none. */
  readonly playing: string | null;
  readonly play: (take: string, file: string) => Promise<void>;
  readonly stop: () => void;
  /** Saves a file as the browser saves downloads. */
  readonly save: (take: string, file: string) => Promise<void>;
}

/** Plays the files of takes in this browser, one at a time. */
export function useTakePlayer(): TakePlayer {
  const { files, notices } = usePanel();
  const [playing, setPlaying] = useState<string | null>(null);
  const sound = useRef<HTMLAudioElement | null>(null);
  const stop = () => {
    sound.current?.pause();
    if (sound.current !== null) URL.revokeObjectURL(sound.current.src);
    sound.current = null;
    setPlaying(null);
  };
  useEffect(() => stop, []);
  const fetched = async (take: string, file: string) => {
    const response = await files.request(`/takes/${encodeURIComponent(take)}/${encodeURIComponent(file)}`);
    return response.blob();
  };
  return {
    playing,
    stop,
    async play(take, file) {
      stop();
      // Made in the handler of the click, so that the browser allows it to play when the file has arrived.
      const audio = new Audio();
      sound.current = audio;
      setPlaying(`${take}/${file}`);
      try {
        const content = await fetched(take, file);
        if (sound.current !== audio) return;
        audio.src = URL.createObjectURL(content);
        audio.onended = stop;
        await audio.play();
      } catch (error) {
        if (sound.current !== audio) return;
        stop();
        notices.problem(error);
      }
    },
    async save(take, file) {
      try {
        saveBlob(`${take} ${file}`, await fetched(take, file));
      } catch (error) {
        notices.problem(error);
      }
    },
  };
}
