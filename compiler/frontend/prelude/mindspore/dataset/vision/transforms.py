"""Transforms of images in NumPy; images are height x width (x channels)."""
import numpy as np

from mindspore.common.dtype import Type, dtype_to_nptype
from mindspore.dataset import config
from mindspore.dataset.vision.utils import Border, Inter


def _pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


class Rescale:
    """image * rescale + shift in float32."""

    def __init__(self, rescale, shift):
        self.rescale = np.float32(rescale)
        self.shift = np.float32(shift)

    def __call__(self, image):
        return np.asarray(image).astype(np.float32) * self.rescale + self.shift


class Normalize:
    """(image - mean) / std for each channel."""

    def __init__(self, mean, std, is_hwc=True):
        self.mean = np.array(mean, np.float32)
        self.std = np.array(std, np.float32)
        self.is_hwc = is_hwc

    def __call__(self, image):
        image = np.asarray(image).astype(np.float32)
        if self.is_hwc or image.ndim == 2:
            return (image - self.mean) / self.std
        return (image - self.mean.reshape(-1, 1, 1)) / self.std.reshape(-1, 1, 1)


class HWC2CHW:
    def __call__(self, image):
        image = np.asarray(image)
        return image.transpose(2, 0, 1) if image.ndim == 3 else image


class ToTensor:
    """Channels first; bytes become float32 in [0, 1]."""

    def __init__(self, output_type=np.float32):
        self.dtype = dtype_to_nptype(output_type) if isinstance(output_type, Type) else output_type

    def __call__(self, image):
        image = np.asarray(image)
        scaled = image / np.float32(255.0) if image.dtype == np.uint8 else image
        return HWC2CHW()(np.expand_dims(scaled, 2) if image.ndim == 2 else scaled).astype(self.dtype)


class ToType:
    def __init__(self, data_type):
        self.dtype = dtype_to_nptype(data_type) if isinstance(data_type, Type) else np.dtype(data_type)

    def __call__(self, data):
        return np.asarray(data).astype(self.dtype)


class Invert:
    def __call__(self, image):
        return 255 - np.asarray(image)


class HorizontalFlip:
    def __call__(self, image):
        return np.flip(image, 1)


class VerticalFlip:
    def __call__(self, image):
        return np.flip(image, 0)


class RandomHorizontalFlip:
    def __init__(self, prob=0.5):
        self.prob = prob
        self.generator = config.new_generator()

    def __call__(self, image):
        return np.flip(image, 1) if self.generator.random() < self.prob else image


class RandomVerticalFlip:
    def __init__(self, prob=0.5):
        self.prob = prob
        self.generator = config.new_generator()

    def __call__(self, image):
        return np.flip(image, 0) if self.generator.random() < self.prob else image


class Resize:
    """To (height, width), or the shorter side to one number. Pixels are squares: centers lie at halves."""

    def __init__(self, size, interpolation=Inter.LINEAR):
        if interpolation not in (Inter.LINEAR, Inter.NEAREST):
            raise NotImplementedError(f"Resize by {interpolation} is not supported by this version of msc")
        self.size = size
        self.interpolation = interpolation

    def __call__(self, image):
        image = np.asarray(image)
        height, width = self._target(image.shape)
        if self.interpolation == Inter.NEAREST:
            rows = np.floor(np.arange(height) * (image.shape[0] / height)).astype(np.int64)
            columns = np.floor(np.arange(width) * (image.shape[1] / width)).astype(np.int64)
            return np.take(np.take(image, rows, 0), columns, 1)
        result = _interpolated(_interpolated(image.astype(np.float32), height, 0), width, 1)
        return np.clip(np.round(result), 0, 255).astype(np.uint8) if image.dtype == np.uint8 else result

    def _target(self, shape):
        if not isinstance(self.size, int):
            return self.size
        height, width = shape[0], shape[1]
        if height < width:
            return self.size, int(self.size * width / height)
        return int(self.size * height / width), self.size


def _interpolated(image, count, axis):
    """Linear interpolation to `count` samples along an axis."""
    extent = image.shape[axis]
    at = np.clip((np.arange(count) + 0.5) * (extent / count) - 0.5, 0, extent - 1)
    lower = np.floor(at).astype(np.int64)
    upper = np.minimum(lower + 1, extent - 1)
    shape = [1] * image.ndim
    shape[axis] = count
    share = (at - lower).astype(np.float32).reshape(shape)
    return np.take(image, lower, axis) * (1 - share) + np.take(image, upper, axis) * share


class Pad:
    def __init__(self, padding, fill_value=0, padding_mode=Border.CONSTANT):
        self.padding = padding
        self.fill_value = fill_value
        self.mode = padding_mode

    def __call__(self, image):
        return _padded(np.asarray(image), self.padding, self.fill_value, self.mode)


def _padded(image, padding, fill_value, mode):
    """`padding` is one number, (left and right, top and bottom), or (left, top, right, bottom)."""
    if isinstance(padding, int):
        padding = (padding, padding)
    left, top, right, bottom = tuple(padding) * 2 if len(padding) == 2 else padding
    widths = [(top, bottom), (left, right)] + [(0, 0)] * (image.ndim - 2)
    if mode == Border.CONSTANT:
        return np.pad(image, widths, constant_values=fill_value)
    return np.pad(image, widths, mode=mode.value)


class Crop:
    def __init__(self, coordinates, size):
        self.coordinates = coordinates
        self.size = _pair(size)

    def __call__(self, image):
        top, left = self.coordinates
        return np.asarray(image)[top:top + self.size[0], left:left + self.size[1]]


class CenterCrop:
    def __init__(self, size):
        self.size = _pair(size)

    def __call__(self, image):
        image = np.asarray(image)
        height, width = self.size
        missing = (max(0, height - image.shape[0]), max(0, width - image.shape[1]))
        if missing[0] or missing[1]:
            image = _padded(image, (missing[1] // 2, missing[0] // 2, missing[1] - missing[1] // 2,
                                    missing[0] - missing[0] // 2), 0, Border.CONSTANT)
        top, left = (image.shape[0] - height) // 2, (image.shape[1] - width) // 2
        return image[top:top + height, left:left + width]


class RandomCrop:
    def __init__(self, size, padding=None, pad_if_needed=False, fill_value=0, padding_mode=Border.CONSTANT):
        self.size = _pair(size)
        self.padding = padding
        self.pad_if_needed = pad_if_needed
        self.fill_value = fill_value
        self.mode = padding_mode
        self.generator = config.new_generator()

    def __call__(self, image):
        image = np.asarray(image)
        if self.padding is not None:
            image = _padded(image, self.padding, self.fill_value, self.mode)
        height, width = self.size
        if self.pad_if_needed:
            image = _padded(image, (max(0, width - image.shape[1]), max(0, height - image.shape[0])), self.fill_value,
                            self.mode)
        if height > image.shape[0] or width > image.shape[1]:
            raise RuntimeError(f"RandomCrop: crop size ({height}, {width}) exceeds the image ({image.shape[0]}, "
                               f"{image.shape[1]}).")
        top = self.generator.randint(0, image.shape[0] - height)
        left = self.generator.randint(0, image.shape[1] - width)
        return image[top:top + height, left:left + width]
