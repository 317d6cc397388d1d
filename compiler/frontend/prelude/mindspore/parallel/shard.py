"""Layouts with named mesh axes."""


class Layout:
    """A mesh of devices (device_matrix) with one name for each of its axes (alias_name); calling it divides a tensor."""

    def __init__(self, device_matrix, alias_name, rank_list=None):
        if not isinstance(device_matrix, tuple) or not isinstance(alias_name, tuple):
            raise TypeError(f"device_matrix and alias_name must be tuples, but got {type(device_matrix)} "
                            f"and {type(alias_name)}.")
        if len(device_matrix) != len(alias_name):
            raise ValueError(f"device_matrix length should be equal to alias_name length, "
                             f"but got {len(device_matrix)} and {len(alias_name)}.")
        if len(set(alias_name)) != len(alias_name):
            raise ValueError(f"Each element of alias_name {alias_name} should be different.")
        for size in device_matrix:
            if not isinstance(size, int) or size < 1:
                raise ValueError(f"device_matrix must hold positive integers, but got {device_matrix}.")
        self.device_matrix = device_matrix
        self.alias_name = alias_name
        self.rank_list = rank_list
        self.tensor_axes = None

    @property
    def tensor_map(self):
        """Axes counted from the right of the device matrix; -1 for a dimension that is whole."""
        last = len(self.alias_name) - 1
        found = []
        for axes in self.tensor_axes:
            numbers = tuple([last - self.alias_name.index(axis) for axis in axes])
            found.append(-1 if not numbers else numbers[0] if len(numbers) == 1 else numbers)
        return tuple(found)

    def __call__(self, *tensor_map):
        used = []
        divided = []
        for entry in tensor_map:
            axes = entry if isinstance(entry, tuple) else (entry,)
            axes = tuple([axis for axis in axes if axis != "None"])
            for axis in axes:
                if axis not in self.alias_name:
                    raise ValueError(f"The axis {axis} is not found in {self.alias_name}")
                if axis in used:
                    raise ValueError(f"The axis {axis} has been set more than one in {tensor_map}")
                used.append(axis)
            divided.append(axes)
        made = Layout(self.device_matrix, self.alias_name, self.rank_list)
        made.tensor_axes = tuple(divided)
        return made

    def to_dict(self):
        return {"device_matrix": self.device_matrix, "alias_name": self.alias_name, "tensor_map": self.tensor_map,
                "interleaved_parallel": "interleaved_parallel" in self.alias_name,
                "rank_list": self.rank_list}

    def __repr__(self):
        return f"Layout(device_matrix={self.device_matrix}, alias_name={self.alias_name}, tensor_map={self.tensor_axes})"
