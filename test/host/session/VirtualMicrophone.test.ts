import { describe, expect, it } from 'vitest';
import { VirtualMicrophone } from '../../../host/session/VirtualMicrophone.ts';
import {
  nextVirtualMicrophoneState,
  type VirtualMicrophoneEvent,
  type VirtualMicrophoneState,
} from '../../../host/session/virtualMicrophoneState.ts';
import { moduleOwner } from '../../../host/soundServer/moduleOwner.ts';
import { makeModules } from '../../../host/soundServer/virtualMicrophoneModules.ts';
import { FakeSoundServer, fakeNode } from '../soundServer/FakeSoundServer.ts';

const EVENTS: readonly VirtualMicrophoneEvent[] = ['make', 'made', 'failed', 'gone', 'remove', 'removed', 'close'];

/** Next state for each of EVENTS in order; null: the event changes nothing. */
it.each<readonly [VirtualMicrophoneState, readonly (VirtualMicrophoneState | null)[]]>([
  ['absent', ['making', null, null, null, null, null, 'closed']],
  ['making', [null, 'present', 'absent', null, null, null, null]],
  ['present', [null, null, null, 'absent', 'removing', null, null]],
  ['removing', [null, null, null, null, null, 'absent', null]],
  ['closed', [null, null, null, null, null, null, null]],
])('a virtual microphone that is %s', (state, next) => {
  expect(EVENTS.map((event) => nextVirtualMicrophoneState(state, event))).toEqual(next.map((each) => each ?? state));
});

const OWNER = 'other-boot/1/2/3';
const LOADED = ['load-module module-null-sink', 'load-module module-remap-source'];

function create(server = new FakeSoundServer(), owner = OWNER) {
  const options = { pactl: server.pactl, owner: async () => owner, platform: 'linux' } as const;
  return { server, microphone: new VirtualMicrophone(options) };
}

describe('a virtual microphone', () => {
  it('is made once, and leaves nothing when it is removed', async () => {
    const { server, microphone } = create();
    await Promise.all([microphone.make(), microphone.make()]);
    expect(server.changes).toEqual(LOADED);
    expect(server.made).toEqual(['unmingle-mix', 'unmingle-mix.monitor', 'unmingle-microphone']);
    await microphone.remove();
    expect([server.made, microphone.state]).toEqual([[], 'absent']);
  });

  it('is made again after the server was restarted', async () => {
    const { server, microphone } = create();
    await microphone.make();
    server.restart();
    await microphone.make();
    expect(server.made).toHaveLength(3);
    expect(microphone.state).toBe('present');
  });

  it('of which the server refuses a part leaves nothing, and can be made later', async () => {
    const { server, microphone } = create();
    server.refused = 'module-remap-source';
    await expect(microphone.make()).rejects.toThrow('Module initialization failed');
    expect([server.made, microphone.state]).toEqual([[], 'absent']);
    server.refused = null;
    await microphone.make();
    expect(microphone.state).toBe('present');
  });

  it('is refused while another session has one, and does not touch that', async () => {
    const { server, microphone } = create();
    await makeModules(server.pactl, 'another/1/2/3');
    await expect(microphone.make()).rejects.toThrow(
      'busy: another session has made the virtual microphone; stop that session first',
    );
    await microphone.close();
    expect(server.made).toHaveLength(3);
  });

  it('is the first one of two that are made at once', async () => {
    const { server, microphone } = create();
    let hasOther = false;
    server.beforeLoad = () => {
      if (hasOther) return;
      hasOther = true;
      server.sinks = [
        ...server.sinks,
        fakeNode(50, 'unmingle-mix', { properties: { 'unmingle.owner': 'another/1/2/3' } }),
      ];
    };
    await expect(microphone.make()).rejects.toThrow('another session has made the virtual microphone');
    expect(server.made).toEqual([]);
    expect(server.sinks.map(({ index }) => index)).toEqual([0, 50]);
  });

  it.skipIf(process.platform !== 'linux')(
    'removes what a killed session of this machine left, and nothing else',
    async () => {
      const { server, microphone } = create();
      const own = await moduleOwner(process.pid);
      const killed = own.replace(/\d+$/, '1');
      await makeModules(server.pactl, killed);
      await microphone.remove();
      expect(server.made).toEqual([]);

      // A session that runs; one of another machine; a module that somebody else has made under the same name.
      for (const owner of [own, 'another/1/2/3']) {
        const theirs = new FakeSoundServer();
        await makeModules(theirs.pactl, owner);
        await create(theirs).microphone.remove();
        expect(theirs.made).toHaveLength(3);
      }
      const named = new FakeSoundServer();
      named.sinks = [fakeNode(100, 'unmingle-mix')];
      await create(named).microphone.remove();
      expect(named.changes).toEqual([]);
    },
  );

  it.skipIf(process.platform !== 'linux')('replaces one that a killed session has left', async () => {
    const { server, microphone } = create();
    await makeModules(server.pactl, (await moduleOwner(process.pid)).replace(/\d+$/, '1'));
    await microphone.make();
    expect(server.made).toHaveLength(3);
    expect(server.sinks.at(-1)!.properties['unmingle.owner']).toBe(OWNER);
  });

  it('is not made after the session has closed, and is removed without an error when the server has ended', async () => {
    const { server, microphone } = create();
    await microphone.make();
    server.isRunning = false;
    await microphone.close();
    expect(microphone.state).toBe('closed');
    server.isRunning = true;
    await microphone.make();
    expect(server.changes).toEqual(LOADED);
  });

  it('names what takes its place on other systems, and what is missing on Linux', async () => {
    const on = (platform: NodeJS.Platform) => new VirtualMicrophone({ pactl: new FakeSoundServer().pactl, platform });
    await expect(on('darwin').make()).rejects.toThrow('--send BlackHole');
    await expect(on('win32').make()).rejects.toThrow('--send "CABLE Input"');
    const { server, microphone } = create();
    server.isRunning = false;
    await expect(microphone.make()).rejects.toThrow('no sound server answers pactl');
  });
});
