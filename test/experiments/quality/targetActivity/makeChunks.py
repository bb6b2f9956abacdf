"""Makes what train.py learns from: python3 makeChunks.py CACHE CHUNKS.npz --count 6000 [--seed 1] [--validation]

CACHE is the folder that ../maskNetwork/voices.py wrote. A core makes four to six chunks of 8 s a second, 53 kB each.
"""

import argparse
import pathlib
import sys
import time

import numpy as np
import torch

from blocks import BLOCK_FRAMES, blocks_of, embedding_of, exported_network, frames_of, surroundings_of
from conversations import MOST_VOICES, ConversationMaker

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / 'speakerEmbedding'))

from stretches import Speakers  # noqa: E402

BATCH = 16
REPORT_CHUNKS = 320


def chunks_of(network, conversations):
    """Arrays of each conversation; profiles and activity have the absent voice last."""
    units, outputs = frames_of(network, np.stack([each.mixture for each in conversations]))
    means, found, squares = blocks_of(units, outputs)
    surroundings = surroundings_of(network, means, found, squares)
    profiles = embedding_of(network, *frames_of(network, np.stack([profile for each in conversations for profile in each.profiles])))
    position = 0
    for index, conversation in enumerate(conversations):
        count = len(conversation.profiles)
        own = torch.zeros(MOST_VOICES + 1, profiles.shape[1])
        own[: count - 1] = profiles[position : position + count - 1]
        own[-1] = profiles[position + count - 1]
        position += count
        blocks = means.shape[1]
        active = np.zeros((MOST_VOICES + 1, blocks))
        frames = conversation.active[:, : blocks * BLOCK_FRAMES]
        active[: count - 1] = frames[:-1].reshape(count - 1, blocks, BLOCK_FRAMES).mean(2)
        yield {
            'units': means[index].numpy(),
            'info': found[index].numpy(),
            'local': surroundings[index].numpy(),
            'profiles': own.numpy(),
            'flags': active,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('cache', type=pathlib.Path)
    parser.add_argument('chunks', type=pathlib.Path)
    parser.add_argument('--count', type=int, default=6000)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--validation', action='store_true', help='of the 40 speakers that no network learns from')
    options = parser.parse_args()
    torch.set_num_threads(1)
    network = exported_network(Speakers(options.cache, is_validation=False))
    maker = ConversationMaker(Speakers(options.cache, options.validation), [77, options.seed])
    chunks = []
    started = time.monotonic()
    while len(chunks) < options.count:
        chunks += chunks_of(network, [maker.draw() for _ in range(BATCH)])
        if len(chunks) % REPORT_CHUNKS == 0:
            print(f'{len(chunks)} chunks, {time.monotonic() - started:.0f} s', flush=True)
    np.savez(options.chunks, **{name: np.stack([chunk[name] for chunk in chunks]).astype(np.float16) for name in chunks[0]})


if __name__ == '__main__':
    main()
