"""Where one voice speaks, given its embedding, and where others do. The same as engine/embedding/TargetActivityNetwork.ts."""

import torch
from torch import nn
from torch.nn import functional

EMBEDDING_UNITS, DIMENSIONS, UNITS = 192, 64, 64
INPUTS = EMBEDDING_UNITS + 4
CONVOLUTIONS = ((5, 1), (5, 2), (3, 5))
PROFILE_SCALE, SIMILARITY_SCALE, FULL_WEIGHT, WEIGHT_FLOOR = 8, 4, 10, 1e-3


class TargetNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_norm = nn.BatchNorm1d(INPUTS)
        self.input = nn.Conv1d(INPUTS, UNITS, 1)
        self.factor = nn.Linear(2 * DIMENSIONS, UNITS)
        self.offset = nn.Linear(2 * DIMENSIONS, UNITS)
        self.similarity = nn.Conv1d(4, UNITS, 1)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(UNITS, UNITS, blocks, dilation=dilation, padding=dilation * (blocks // 2)) for blocks, dilation in CONVOLUTIONS
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(UNITS) for _ in range(2 + len(CONVOLUTIONS)))
        self.output = nn.Conv1d(UNITS, 2, 1)

    def forward(self, units, found, surroundings, own, others):
        """
        Logits [batch, 2, blocks] of `units` [batch, blocks, EMBEDDING_UNITS], `found` [batch, blocks, 4], `surroundings` [batch, blocks,
        2 DIMENSIONS] and the embeddings of the voice and of all others together [batch, DIMENSIONS]
        """
        weight = torch.log(found[..., 3:] / FULL_WEIGHT + WEIGHT_FLOOR)
        inputs = torch.cat([torch.log1p(units.clamp(min=0)), found[..., :3], weight], 2).transpose(1, 2)
        values = functional.relu(self.norms[0](self.input(self.input_norm(inputs))))
        profile = PROFILE_SCALE * torch.cat([own, others], 1)
        long, short = surroundings[..., :DIMENSIONS], surroundings[..., DIMENSIONS:]
        alike = [(vectors * voice[:, None]).sum(2) for vectors in (long, short) for voice in (own, others)]
        compared = self.similarity(SIMILARITY_SCALE * torch.stack(alike, 1))
        conditioned = values * (1 + self.factor(profile)[:, :, None]) + self.offset(profile)[:, :, None] + compared
        values = functional.relu(self.norms[1](conditioned))
        for layer, norm in zip(self.convolutions, self.norms[2:]):
            values = values + functional.relu(norm(layer(values)))
        return self.output(values)


def folded_layers(network):
    """
    (weights [outputs, inputs] or [outputs, inputs, blocks], biases) in the order of TARGET_LAYERS, with the normalisations of `network` in
    evaluation folded in
    """

    def affine(norm):
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        return scale, norm.bias - norm.running_mean * scale

    with torch.no_grad():
        before, shift = affine(network.input_norm)
        scale, bias = affine(network.norms[0])
        weights = network.input.weight[:, :, 0]
        layers = [(weights * before * scale[:, None], (weights @ shift + network.input.bias) * scale + bias)]
        scale, bias = affine(network.norms[1])
        layers.append(
            (
                torch.cat([network.factor.weight * scale[:, None], network.offset.weight * scale[:, None]]),
                torch.cat([(1 + network.factor.bias) * scale, network.offset.bias * scale + bias]),
            )
        )
        layers.append((network.similarity.weight[:, :, 0] * scale[:, None], network.similarity.bias * scale))
        for layer, norm in zip(network.convolutions, network.norms[2:]):
            scale, bias = affine(norm)
            layers.append((layer.weight * scale[:, None, None], layer.bias * scale + bias))
        layers.append((network.output.weight[:, :, 0], network.output.bias.clone()))
        return [(weights.detach(), biases.detach()) for weights, biases in layers]


def evaluate(layers, units, found, surroundings, own, others):
    """Logits [2, blocks] of one recording by `folded_layers`, as the engine computes them."""
    inputs, profile, similarity, *convolutions, output = layers
    weight = torch.log(found[:, 3:] / FULL_WEIGHT + WEIGHT_FLOOR)
    values = functional.linear(torch.cat([torch.log1p(units.clamp(min=0)), found[:, :3], weight], 1), *inputs).relu()
    condition = functional.linear(PROFILE_SCALE * torch.cat([own, others]), *profile)
    long, short = surroundings[:, :DIMENSIONS], surroundings[:, DIMENSIONS:]
    alike = torch.stack([vectors @ voice for vectors in (long, short) for voice in (own, others)], 1)
    compared = functional.linear(SIMILARITY_SCALE * alike, *similarity)
    values = (values * condition[:UNITS] + condition[UNITS:] + compared).relu()
    for (weights, biases), (blocks, dilation) in zip(convolutions, CONVOLUTIONS):
        added = functional.conv1d(values.T[None], weights, biases, dilation=dilation, padding=dilation * (blocks // 2))
        values = values + added.relu()[0].T
    return functional.linear(values, *output).T
