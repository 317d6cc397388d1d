from mindspore.amp import auto_mixed_precision
