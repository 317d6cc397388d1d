"""Element types."""
from _msc.dtype import (
    bfloat16, bool_, byte, complex64, complex128, double, float16, float32, float64, float_, half, int8, int16, int32,
    int64, int_, intc, intp, long, number, short, single, string, tensor_type, ubyte, uint, uint8, uint16, uint32,
    uint64, uintc, uintp, ushort, TensorType, Type, dtype_to_nptype, dtype_to_pytype, get_py_obj_dtype,
    pytype_to_dtype, number_type, int_type, uint_type, float_type, type_none)

tensor = tensor_type
type_type = Type
