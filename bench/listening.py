"""People who look on while calls are charged: streams of live events, read by one thread that costs little."""
import selectors
import socket
import threading

READ_BYTES = 1 << 16


class Listeners:
    """`count` streams of the agency's events, open from the beginning of the `with` to its end."""

    def __init__(self, address, cookie, count):
        self.bytes, self.is_over = 0, False
        self.selector = selectors.DefaultSelector()
        self.sockets = [self.open(address, cookie) for _ in range(count)]
        self.thread = threading.Thread(target=self.read)

    def open(self, address, cookie):
        host, port = address.split(":")
        one = socket.create_connection((host, int(port)))
        one.sendall(f"GET /v1/events HTTP/1.1\r\nHost: bench\r\nCookie: {cookie}\r\n\r\n".encode())
        status = one.recv(READ_BYTES)
        if not status.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"nobody may listen: {status[:200]}")
        self.selector.register(one, selectors.EVENT_READ)
        return one

    def read(self):
        while not self.is_over:
            for key, _ in self.selector.select(timeout=0.1):
                self.bytes += len(key.fileobj.recv(READ_BYTES))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()
        for one in self.sockets:
            one.close()
        self.selector.close()
