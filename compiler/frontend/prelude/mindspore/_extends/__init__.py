from mindspore.common.api import cell_attr_register
