"""The worker of `config/gunicorn.py`: gunicorn's threads, with a stored page answered before one of them is woken.

To hand a request to a thread, and its end back, costs more than all there is to do for a stored page. So the thread
that takes connections answers it itself, out of what the process has in memory (`at_once` of the application): it asks
nobody and waits for nobody. Everything else goes to the threads as ever, with nothing of it read.
"""

import socket

from gunicorn.http import get_parser, wsgi
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

HEAD_AT_MOST = 16 * 1024  # bytes; longer ones are for the threads to refuse
END_OF_HEAD = b"\r\n\r\n"
BODY_FOLLOWS = {"CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING"}


class Answer(bytearray):
    """What would go to the socket, gathered to be sent at once."""

    send = sendall = bytearray.extend


class Worker(ThreadWorker):
    def enqueue_req(self, conn):
        """A connection that asks for something: answered here, or given to a thread."""
        answer = None if conn.initialized else self.known_answer(conn)
        if answer is None:
            super().enqueue_req(conn)
            return
        try:
            conn.sock.recv(HEAD_AT_MOST)  # what is left unread would reset the connection when it is closed
            sent = conn.sock.send(answer)
        except OSError:  # whoever asked is gone
            sent = len(answer)
        if sent == len(answer):
            self.nr_conns -= 1
            conn.close()
        else:  # a slow reader is waited for elsewhere
            rest = self.tpool.submit(self.send, conn, answer[sent:])
            rest.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def known_answer(self, conn):
        """All the bytes of it; None where a thread has to look."""
        try:
            head = conn.sock.recv(HEAD_AT_MOST, socket.MSG_PEEK)
        except OSError:  # nothing has come yet
            return None
        if head.find(END_OF_HEAD) != len(head) - len(END_OF_HEAD):
            return None
        try:
            return self.stored_answer(head, conn)
        except (ParseException, StopIteration):  # refused where it is read again
            return None
        except Exception:  # whatever it is: here the whole process would end with it
            self.log.exception("A request was left to the threads")
            return None

    def stored_answer(self, head, conn):
        """The same, of a request that has come whole."""
        request = next(get_parser(self.cfg, [head], conn.client))
        answer = Answer()
        response, environ = wsgi.create(request, answer, conn.client, conn.server, self.cfg)
        if environ.keys() & BODY_FOLLOWS:
            return None
        response.force_close()
        body = self.wsgi.at_once(environ, response.start_response)
        if body is None:
            return None
        for piece in body:
            response.write(piece)
        response.close()
        return answer

    @staticmethod
    def send(conn, rest):
        """In a thread."""
        conn.sock.setblocking(True)
        conn.sock.sendall(rest)
        conn.close(graceful=True)

    def handle(self, conn):
        """In a thread, which is also the one to wait until a slow reader has hung up."""
        keeps = super().handle(conn)
        if keeps is False and not self.is_closed(conn):
            conn.close(graceful=True)
        return keeps

    def finish_request(self, conn, future):
        if self.is_closed(conn):
            self.nr_conns -= 1
        else:
            super().finish_request(conn, future)

    @staticmethod
    def is_closed(conn):
        return conn.sock.fileno() < 0
