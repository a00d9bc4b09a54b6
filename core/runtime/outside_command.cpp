#include "core/runtime/outside_command.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "core/base/json_writer.h"

extern char** environ;

namespace shardscope {
namespace {

constexpr int kLookAgainMs = 50; ///< at the timeout and at whether to stop
constexpr std::size_t kErrorTextKept = 4'096;

/// A file descriptor that is closed at the end.
class Handle {
public:
    Handle() = default;
    explicit Handle(int fd)
        : m_fd(fd)
    {
    }
    ~Handle() { close(); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&& other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    Handle& operator=(Handle&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    [[nodiscard]] int fd() const { return m_fd; }
    [[nodiscard]] bool open() const { return m_fd >= 0; }
    void close()
    {
        if (m_fd >= 0)
            ::close(std::exchange(m_fd, -1));
    }

private:
    int m_fd = -1;
};

struct Pipe {
    Handle read, write;
};

bool makePipe(Pipe& made)
{
    std::array<int, 2> ends {};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return false;
    made.read = Handle(ends[0]);
    made.write = Handle(ends[1]);
    return true;
}

void doNotWait(const Handle& handle)
{
    ::fcntl(handle.fd(), F_SETFL, ::fcntl(handle.fd(), F_GETFL) | O_NONBLOCK);
}

/// Begins the command in a process group of its own. 0, or the error's number.
int spawn(const std::string& command, const Pipe& in, const Pipe& out, const Pipe& err, pid_t& pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    posix_spawn_file_actions_adddup2(&files, in.read.fd(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out.write.fd(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, err.write.fd(), STDERR_FILENO);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setpgroup(&how, 0);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    std::string shell = "/bin/sh", option = "-c", line = command;
    const std::array<char*, 4> words {shell.data(), option.data(), line.data(), nullptr};
    const int failed = posix_spawn(&pid, "/bin/sh", &files, &how, words.data(), environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return failed;
}

/// Reads what there is; closes the handle at the end. `most`: what is beyond is thrown away.
void readInto(Handle& from, std::string& text, std::size_t most)
{
    std::array<char, 65'536> room {};
    const ssize_t got = ::read(from.fd(), room.data(), room.size());
    if (got > 0)
        text.append(room.data(),
                    std::min(static_cast<std::size_t>(got), most - std::min(most, text.size())));
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        from.close();
}

std::string lastLine(std::string_view text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    return std::string(text.substr(text.find_last_of('\n') + 1));
}

void failWith(OutsideAnswer& answer, const std::string& type, const std::string& message)
{
    answer.functionError = "Unhandled";
    JsonWriter json;
    json.beginObject(JsonWriter::Layout::Line);
    json.name("errorMessage");
    json.text(message);
    json.name("errorType");
    json.text(type);
    json.endObject();
    answer.payload = json.take();
}

} // namespace

OutsideAnswer invokeByCommand(const FunctionCall& call, const std::function<bool()>& stopped)
{
    OutsideAnswer answer;
    Pipe in, out, err;
    pid_t pid = 0;
    const auto noProcess = [&answer](int number) {
        answer.trouble
            = "The command could not be started: " + std::string(std::strerror(number)) + ".";
        return answer;
    };
    if (!makePipe(in) || !makePipe(out) || !makePipe(err))
        return noProcess(errno);
    if (const int failed = spawn(call.target, in, out, err, pid); failed != 0)
        return noProcess(failed);
    in.read.close();
    out.write.close();
    err.write.close();
    for (const Handle* handle : {&in.write, &out.read, &err.read})
        doNotWait(*handle);

    const auto begun = std::chrono::steady_clock::now();
    const auto timeout = std::chrono::microseconds(call.timeout.inMicros());
    std::size_t written = 0;
    std::string errors;
    bool late = false, ended = false;
    while (!ended && (out.read.open() || err.read.open())) {
        std::array<pollfd, 3> handles {
            {{in.write.fd(), POLLOUT, 0}, {out.read.fd(), POLLIN, 0}, {err.read.fd(), POLLIN, 0}}};
        ::poll(handles.data(), handles.size(), kLookAgainMs);
        if (in.write.open() && handles[0].revents != 0) {
            const ssize_t sent
                = ::write(in.write.fd(), call.event.data() + written, call.event.size() - written);
            if (sent >= 0)
                written += static_cast<std::size_t>(sent);
            // A command may leave its input unread.
            if (written == call.event.size() || (sent < 0 && errno != EAGAIN && errno != EINTR))
                in.write.close();
        }
        if (out.read.open() && handles[1].revents != 0)
            readInto(out.read, answer.payload, kFunctionAnswerMost + 1);
        if (err.read.open() && handles[2].revents != 0)
            readInto(err.read, errors, kErrorTextKept);
        late = std::chrono::steady_clock::now() - begun > timeout;
        ended = late || stopped();
    }
    if (ended)
        ::kill(-pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) { }
    if (late)
        failWith(answer, "Sandbox.Timedout", "Task timed out after " + toText(call.timeout) + ".");
    else if (ended)
        answer.trouble = "The command was ended with the program.";
    else if (WIFSIGNALED(status))
        failWith(answer, "Runtime.ExitError",
                 "The command was ended by signal " + std::to_string(WTERMSIG(status)) + ".");
    else if (WEXITSTATUS(status) != 0)
        failWith(answer, "Runtime.ExitError",
                 "The command ended with " + std::to_string(WEXITSTATUS(status))
                     + (errors.empty() ? std::string(".") : ": " + lastLine(errors)));
    else if (answer.payload.size() > kFunctionAnswerMost)
        failWith(answer, "Function.ResponseSizeTooLarge", "The answer is larger than 6 MiB.");
    return answer;
}

} // namespace shardscope
