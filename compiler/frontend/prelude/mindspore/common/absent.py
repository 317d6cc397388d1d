"""Names of MindSpore's API that msc does not have yet: they import and construct; using them says which name it is."""


def absent(name):
    """A class that stands for a missing name."""
    class Absent:
        api_name = name

        def __init__(self, *args, **kwargs):
            self.arguments = (args, kwargs)

        def __call__(self, *args, **kwargs):
            raise NotImplementedError(f"'{self.api_name}' is not supported by this version of msc")

        def __getattr__(self, attribute):
            raise NotImplementedError(f"'{self.api_name}' is not supported by this version of msc "
                                      f"(reading its attribute '{attribute}')")

    Absent.__name__ = name.split('.')[-1]
    return Absent


def absent_function(name):
    def missing(*args, **kwargs):
        raise NotImplementedError(f"'{name}' is not supported by this version of msc")
    missing.__name__ = name.split('.')[-1]
    return missing
