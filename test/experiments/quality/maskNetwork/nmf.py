"""KL-NMF: templates of a speaker from enrolment speech, and activations of fixed templates."""

import torch

# As in engine/model/SpeakerSet.ts: frequency-scaled copies of the templates, the unscaled one first.
FREQUENCY_SCALES = (1.0, 0.96, 1.04)
SMALLEST = 1e-9


def normalized(templates):
    """Rows with mean 1."""
    return templates / templates.mean(-1, keepdim=True).clamp(min=1e-12)


def scaled_in_frequency(templates, scale):
    """Templates [..., bins] read at `scale` times each bin's frequency, linearly interpolated, the last bin repeated."""
    bins = templates.shape[-1]
    position = (torch.arange(bins, device=templates.device) * scale).clamp(max=bins - 1)
    lower = position.long().clamp(max=bins - 2)
    return torch.lerp(templates[..., lower], templates[..., lower + 1], position - lower)


def with_copies(templates):
    """[..., K, bins] -> [..., 3 K, bins]: the templates and their frequency-scaled copies, rows with mean 1."""
    return torch.cat([normalized(scaled_in_frequency(templates, scale)) for scale in FREQUENCY_SCALES], -2)


def diverse_exemplars(magnitudes, count, generator):
    """Loud frames that differ (k-means++ with the KL divergence), as engine/trainer/exemplars.ts. [frames, bins] -> [count, bins]"""
    levels = magnitudes.sum(1)
    loud = levels >= levels.median()
    levels = levels[loud]
    shapes = magnitudes[loud] / levels[:, None] + 1e-6
    entropies = (shapes * shapes.log()).sum(1)
    distances = torch.full_like(levels, float('inf'))
    chosen = int(torch.randint(len(levels), (1,), generator=generator))
    exemplars = []
    for _ in range(count):
        exemplars.append(shapes[chosen])
        distances = torch.minimum(distances, (entropies - shapes @ shapes[chosen].log()).clamp(min=0))
        distances[chosen] = 0
        chosen = int(torch.multinomial((distances * levels).clamp(min=1e-12), 1, generator=generator))
    return torch.stack(exemplars)


def learn_templates(magnitudes, count, updates, generator):
    """Templates [count, bins], rows with mean 1, by multiplicative updates of both factors; few updates, as engine/trainer."""
    templates = normalized(diverse_exemplars(magnitudes, count, generator))
    activations = torch.full((len(magnitudes), count), float(magnitudes.mean()) / count)
    for update in range(5 + updates):
        ratio = magnitudes / (activations @ templates + SMALLEST)
        activations = activations * (ratio @ templates.T) / templates.sum(1)
        if update < 5:
            continue
        ratio = magnitudes / (activations @ templates + SMALLEST)
        templates = (templates * (activations.T @ ratio) / (activations.sum(0)[:, None] + SMALLEST)).clamp(min=1e-7)
        mean = templates.mean(1, keepdim=True)
        templates, activations = templates / mean, activations * mean.T
    return templates


def activations(magnitudes, templates, bands, iterations):
    """Activations h [batch, frames, K] that minimise the KL divergence in the solver's bands, templates [batch, K, bins] fixed.

    The engine's solver (engine/kernel/JavaScriptSolver.ts), all frames at once: each iteration searches the plane spanned by the
    multiplicative update and the previous change. Every frame starts from uniform activations, the engine's from the frame before:
    about 14 iterations here are as good as its 8.
    """
    v, w = magnitudes @ bands, templates @ bands
    transposed = w.transpose(1, 2).contiguous()
    column_sums = w.sum(2)[:, None]
    total = v.sum(2, keepdim=True).clamp(min=SMALLEST)
    asleep = 1e-5 * total / (w.shape[1] * column_sums)
    h = total / (w.shape[1] * column_sums)
    model = h @ w
    previous = previous_model = None
    slope = torch.zeros_like(total)
    for _ in range(iterations):
        factor = ((v / model.clamp(min=SMALLEST)) @ transposed) / column_sums
        direction = torch.where((h <= asleep) & (factor < 1), torch.zeros((), device=h.device), h * (factor - 1))
        direction_model = direction @ w
        inverse = 1 / (model + direction_model).clamp(min=SMALLEST)
        ratio = v * inverse
        curved = direction_model * ratio * inverse
        gradient = (direction_model * (1 - ratio)).sum(2, keepdim=True)
        curvature = (direction_model * curved).sum(2, keepdim=True)
        if previous is None:
            step = usable_step(1 - gradient / curvature.clamp(min=1e-30))
            change = step * direction
        else:
            cross = (previous_model * curved).sum(2, keepdim=True)
            previous_gradient = (previous_model * (1 - ratio)).sum(2, keepdim=True)
            previous_curvature = (previous_model**2 * ratio * inverse).sum(2, keepdim=True)
            determinant = curvature * previous_curvature - cross**2
            is_plane = determinant > 1e-4 * curvature * previous_curvature
            safe = determinant.clamp(min=1e-30)
            step = 1 - (previous_curvature * gradient - cross * previous_gradient) / safe
            previous_step = (cross * gradient - curvature * previous_gradient) / safe
            is_usable = is_plane & (step > 0) & (step < 1000) & (previous_step.abs() < 10)
            has_overshot = -(column_sums * (factor - 1) * previous).sum(2, keepdim=True) > 0.9 * slope
            line = torch.where(is_plane, torch.ones_like(step), usable_step(1 - gradient / curvature.clamp(min=1e-30)))
            step = torch.where(has_overshot, torch.ones_like(step), torch.where(is_usable, step, line))
            previous_step = torch.where(has_overshot | ~is_usable, torch.zeros_like(step), previous_step)
            change = step * direction + previous_step * previous
        following = torch.maximum(torch.maximum(h + change, 0.1 * h), asleep)
        previous = following - h
        slope = (column_sums * (direction / h.clamp(min=1e-30)) * previous).sum(2, keepdim=True)
        h = following
        following_model = h @ w
        previous_model, model = following_model - model, following_model
    return h


def usable_step(step):
    """1 where a step is not between 0 and 1000."""
    return torch.where((step > 0) & (step < 1000), step, torch.ones_like(step))
