"""One process: rank 0 of 1."""


class GlobalComm:
    BACKEND = 'hccl'
    WORLD_COMM_GROUP = 'hccl_world_group'
    INITED = True


HCCL_WORLD_COMM_GROUP = 'hccl_world_group'
NCCL_WORLD_COMM_GROUP = 'nccl_world_group'


def init(backend_name=None):
    return None


def release():
    return None


def get_rank(group=None):
    return 0


def get_local_rank(group=None):
    return 0


def get_group_size(group=None):
    return 1


def get_local_rank_size(group=None):
    return 1


def get_world_rank_from_group_rank(group, group_rank_id):
    return group_rank_id


def get_group_rank_from_world_rank(world_rank_id, group):
    return world_rank_id


def create_group(group, rank_ids):
    return None


def destroy_group(group):
    return None
