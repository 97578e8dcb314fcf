"""A Map began further items after one had failed."""

import inspect


def apply(steps, **_):
    class Pool(steps.ThreadPoolExecutor):
        def submit(self, run, function, /, *args):
            # The list where the items of a Map leave their errors; other functions have none.
            if inspect.isfunction(function):
                errors = inspect.getclosurevars(function).nonlocals.get("errors", ())
            else:
                errors = ()

            def unless_failed(*inner):
                if all(error is None for error in errors):
                    return function(*inner)

            return super().submit(run, unless_failed, *args)

    steps.ThreadPoolExecutor = Pool
