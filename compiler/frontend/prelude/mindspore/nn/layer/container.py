"""SequentialCell, CellList, CellDict: containers whose keys are the names of their children."""
from collections import OrderedDict

from mindspore.nn.cell import Cell


def _check_index(count, index, owner):
    if not isinstance(index, int):
        raise TypeError(f"For '{owner}', the type of 'index' must be int, but got {type(index).__name__}.")
    if not -count <= index < count:
        raise IndexError(f"For '{owner}', the value of 'index' must be a number in range [{-count}, {count}), "
                         f"but got {index}.")
    return index % count


def _check_cell(cell, owner):
    if not isinstance(cell, Cell):
        raise TypeError(f"For '{owner}', each cell must be subclass of Cell, but got {type(cell).__name__}.")


def _prefix_of(cells):
    """What the names of the children's parameters start with before the child's key, and how many parts that is.

    MindSpore guesses: where the key of the first child occurs several times in a name, the second child decides, and
    without one the last place counts. A list in a list that grows from one child gets curious names by that.
    """
    named = []
    for key, cell in cells.items():
        found = cell.parameters_and_names()
        first = next(iter(found), None)
        if first is not None:
            named.append((key, first[1].name.split('.')))
        if len(named) == 2:
            break
    if not named:
        return '', 0
    key, parts = named[0]
    places = [index for index, part in enumerate(parts) if part == key]
    if not places:
        return '', 0
    place = places[-1]
    if len(named) == 2:
        second_key, second_parts = named[1]
        place = next((index for index in places if second_parts[index] == second_key), place)
    return ''.join([part + '.' for part in parts[:place]]), place


def _rename(cell, prefix, key, parts_before):
    for _, param in cell.parameters_and_names():
        param.name = prefix + key + '.' + '.'.join(param.name.split('.')[parts_before + 1:])


class SequentialCell(Cell):
    def __init__(self, *args):
        super().__init__()
        cells = args[0] if len(args) == 1 else list(args)
        if isinstance(cells, Cell):
            cells = [cells]
        if isinstance(cells, OrderedDict):
            entries = list(cells.items())
        elif isinstance(cells, (list, tuple)):
            entries = [(str(index), cell) for index, cell in enumerate(cells)]
        else:
            raise TypeError(f"For 'SequentialCell', the 'args[0]' must be Cell, list or orderedDict, "
                            f"but got {type(cells).__name__}")
        for key, cell in entries:
            self.insert_child_to_cell(key, cell)
            cell.update_parameters_name(key + '.')
        self._is_dynamic_name = [not isinstance(cells, OrderedDict)] * len(entries)
        self.cell_list = list(self._cells.values())

    def __getitem__(self, index):
        if isinstance(index, slice):
            return type(self)(OrderedDict(list(self._cells.items())[index]))
        return list(self._cells.values())[_check_index(len(self), index, 'SequentialCell')]

    def __setitem__(self, index, cell):
        _check_cell(cell, 'SequentialCell')
        prefix, _ = _prefix_of(self._cells)
        key = list(self._cells.keys())[_check_index(len(self), index, 'SequentialCell')]
        self._cells[key] = cell
        cell.update_parameters_name(prefix + key + '.')
        self.cell_list = list(self._cells.values())

    def __delitem__(self, index):
        prefix, parts_before = _prefix_of(self._cells)
        keys = list(self._cells.keys())[index]
        for key in keys if isinstance(index, slice) else [keys]:
            del self._is_dynamic_name[list(self._cells.keys()).index(key)]
            del self._cells[key]
        kept = OrderedDict()
        for position, (key, cell) in enumerate(self._cells.items()):
            if self._is_dynamic_name[position]:
                key = str(position)
                _rename(cell, prefix, key, parts_before)
            kept[key] = cell
        self._replace_cells(kept)

    def _replace_cells(self, cells):
        self.__dict__['_cells'] = cells
        self.cell_list = list(cells.values())

    def __bool__(self):
        return len(self._cells) != 0

    def __len__(self):
        return len(self._cells)

    def __iter__(self):
        return iter(list(self._cells.values()))

    def append(self, cell):
        _check_cell(cell, 'SequentialCell')
        prefix, _ = _prefix_of(self._cells)
        key = str(len(self))
        cell.update_parameters_name(prefix + key + '.')
        self._is_dynamic_name.append(True)
        self._cells[key] = cell
        self.cell_list = list(self._cells.values())

    def _insert(self, index, cell):
        _check_cell(cell, 'SequentialCell')
        cells = list(self._cells.values())
        prefix, parts_before = _prefix_of(self._cells)
        for position, moved in enumerate(cells[index:]):
            _rename(moved, prefix, str(index + position + 1), parts_before)
        cell.update_parameters_name(prefix + str(index) + '.')
        cells.insert(index, cell)
        self._is_dynamic_name.insert(index, True)
        self._replace_cells(OrderedDict([(str(position), item) for position, item in enumerate(cells)]))

    def set_grad(self, flag=True):
        self.requires_grad = flag
        for cell in self._cells.values():
            cell.set_grad(flag)

    def construct(self, input_data):
        for cell in self.cell_list:
            input_data = cell(input_data)
        return input_data


class CellList(Cell):
    def __init__(self, *args, **kwargs):
        super().__init__(kwargs.get('auto_prefix', True))
        self.__cell_as_list__ = True
        if len(args) == 1:
            self.extend(args[0])

    def __getitem__(self, index):
        if isinstance(index, slice):
            return CellList(list(self._cells.values())[index])
        if isinstance(index, int):
            return self._cells[str(_check_index(len(self), index, 'CellList'))]
        raise TypeError(f"For 'CellList', the type of 'index' must be int or slice, but got {type(index).__name__}.")

    def __setitem__(self, index, cell):
        _check_cell(cell, 'CellList')
        key = str(_check_index(len(self), index, 'CellList'))
        if self._auto_prefix:
            prefix, _ = _prefix_of(self._cells)
            cell.update_parameters_name(prefix + key + '.')
        self._cells[key] = cell

    def __delitem__(self, index):
        cells = list(self._cells.values())
        prefix, parts_before = _prefix_of(self._cells)
        del cells[index]
        self._renumber(cells, prefix, parts_before)

    def _renumber(self, cells, prefix, parts_before):
        kept = OrderedDict()
        for position, cell in enumerate(cells):
            if self._auto_prefix:
                _rename(cell, prefix, str(position), parts_before)
            kept[str(position)] = cell
        self.__dict__['_cells'] = kept

    def __bool__(self):
        return len(self._cells) != 0

    def __len__(self):
        return len(self._cells)

    def __iter__(self):
        return iter(list(self._cells.values()))

    def __iadd__(self, cells):
        self.extend(cells)
        return self

    def insert(self, index, cell):
        _check_cell(cell, 'CellList')
        cells = list(self._cells.values())
        index = index % len(cells) if -len(cells) <= index < len(cells) else len(cells)
        prefix, parts_before = _prefix_of(self._cells)
        for position, moved in enumerate(cells[index:]):
            if self._auto_prefix:
                _rename(moved, prefix, str(index + position + 1), parts_before)
        if self._auto_prefix:
            cell.update_parameters_name(prefix + str(index) + '.')
        cells.insert(index, cell)
        self.__dict__['_cells'] = OrderedDict([(str(position), item) for position, item in enumerate(cells)])

    def extend(self, cells):
        if not isinstance(cells, (list, tuple, CellList)):
            raise TypeError(f"For 'CellList', the new cells wanted to append should be instance of list, "
                            f"but got {type(cells).__name__}.")
        prefix, _ = _prefix_of(self._cells)
        for cell in cells:
            self._append(cell, prefix)
        return self

    def append(self, cell):
        self._append(cell, _prefix_of(self._cells)[0])

    def _append(self, cell, prefix):
        _check_cell(cell, 'CellList')
        key = str(len(self))
        if self._auto_prefix:
            cell.update_parameters_name(prefix + key + '.')
        self._cells[key] = cell

    def set_grad(self, flag=True):
        self.requires_grad = flag
        for cell in self._cells.values():
            cell.set_grad(flag)

    def construct(self, *inputs):
        raise NotImplementedError("For 'CellList', the method 'construct' is not defined.")


class CellDict(Cell):
    def __init__(self, *args, **kwargs):
        super().__init__(kwargs.get('auto_prefix', True))
        self.__cell_as_dict__ = True
        if len(args) == 1:
            self.update(args[0])

    def __getitem__(self, key):
        return self._cells[key]

    def __setitem__(self, key, cell):
        if not isinstance(key, str):
            raise TypeError(f"For 'CellDict', the type of key should be string but got {type(key).__name__}.")
        if key == '' or '.' in key:
            raise KeyError(f"For 'CellDict', key can not be empty or contain \".\", but got key '{key}'")
        if hasattr(self, key) and key not in self._cells:
            raise KeyError(f"For 'CellDict', the key can not be same with the attributes of Cell, but got key {key}.")
        _check_cell(cell, 'CellDict')
        if self._auto_prefix:
            cell.update_parameters_name(_prefix_of(self._cells)[0] + key + '.')
        self._cells[key] = cell

    def __delitem__(self, key):
        del self._cells[key]

    def __len__(self):
        return len(self._cells)

    def __bool__(self):
        return len(self._cells) != 0

    def __iter__(self):
        return iter(self._cells)

    def __contains__(self, key):
        return key in self._cells

    def clear(self):
        self._cells.clear()

    def pop(self, key):
        return self._cells.pop(key)

    def keys(self):
        return self._cells.keys()

    def values(self):
        return self._cells.values()

    def items(self):
        return self._cells.items()

    def update(self, cells):
        for key, cell in cells.items() if hasattr(cells, 'items') else cells:
            self[key] = cell

    def construct(self, *inputs):
        raise NotImplementedError("For 'CellDict', the method 'construct' is not defined.")
