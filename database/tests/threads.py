"""Threads that keep something busy while a test looks at it."""

import threading


class Threads:
    """Some threads that each do ``work(number)`` over and over until the block ends, which raises what one raised."""

    def __init__(self, number: int):
        self.failures: list[Exception] = []
        self.enough = threading.Event()
        self.threads = [threading.Thread(target=self._run, args=[each]) for each in range(number)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.enough.set()
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def work(self, number: int):
        """Done by thread ``number``, again and again."""
        raise NotImplementedError

    def _run(self, number: int):
        try:
            while not self.enough.is_set():
                self.work(number)
        except Exception as error:
            self.failures.append(error)
