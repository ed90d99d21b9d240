// SPDX-License-Identifier: Apache-2.0
#include <curfew/sync.hpp>
#include <curfew/thread.hpp>

#include <support/error_of.hpp>
#include <support/sanitizers.hpp>
#include <support/wait.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;
using curfew::line_reader;
using curfew_test::error_of;
using curfew_test::eventually;

class Input : public testing::Test {
 protected:
  int ends[2] = {-1, -1};

  void SetUp() override { ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0); }
  void TearDown() override {
    ::close(ends[0]);
    end();
  }
  void write(std::string_view text) const {
    ASSERT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() {
    if (ends[1] >= 0) ::close(ends[1]);
    ends[1] = -1;
  }
};

TEST_F(Input, is_readable_when_there_is_some_and_when_it_ends) {
  EXPECT_FALSE(curfew::wait_readable_for(ends[0], 0s));
  write("x");
  EXPECT_TRUE(curfew::wait_readable(ends[0]));
}

TEST_F(Input, comes_while_somebody_waits) {
  bool readable = false;
  curfew::jthread t([&] { readable = curfew::wait_readable(ends[0]); });
  ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
  write("x");
  t.join();
  EXPECT_TRUE(readable);
  end();
  EXPECT_TRUE(curfew::wait_readable(ends[0]));
}

TEST_F(Input, lines) {
  write("first\nsecond\r\n\nlast without its newline");
  end();
  line_reader in(ends[0]);
  EXPECT_EQ(in.read_line(), "first");
  EXPECT_EQ(in.read_line(), "second\r");
  EXPECT_EQ(in.read_line(), "");
  EXPECT_FALSE(in.at_end());
  EXPECT_EQ(in.read_line(), "last without its newline");
  EXPECT_TRUE(in.at_end());
  EXPECT_EQ(in.read_line(), std::nullopt);
}

TEST_F(Input, an_empty_line_at_the_end_is_none) {
  write("only\n");
  end();
  line_reader in(ends[0]);
  EXPECT_EQ(in.read_line(), "only");
  EXPECT_EQ(in.read_line(), std::nullopt);
  EXPECT_TRUE(in.at_end());
}

TEST_F(Input, a_line_that_has_only_begun_is_kept) {
  line_reader in(ends[0]);
  write("be");
  EXPECT_EQ(in.read_line_for(5ms), std::nullopt);
  EXPECT_FALSE(in.at_end());
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(in.read_line(source.get_token()), std::nullopt);
  write("gun\nand ");
  EXPECT_EQ(in.read_line(), "begun");
  write("more\n");
  EXPECT_EQ(in.read_line(), "and more");
}

TEST_F(Input, the_function_takes_no_more_than_its_line) {
  write("one\ntwo\n");
  EXPECT_EQ(curfew::read_line(ends[0]), "one");
  char rest[8] = {};
  EXPECT_EQ(::read(ends[0], rest, sizeof rest), 4);
  EXPECT_STREQ(rest, "two\n");
}

TEST_F(Input, long_lines) {
  const std::string line(200'000, 'x');
  curfew::jthread writer([&] {
    std::string_view rest = line;
    while (!rest.empty()) {
      const auto n = ::write(ends[1], rest.data(), rest.size());
      ASSERT_GT(n, 0);
      rest.remove_prefix(static_cast<std::size_t>(n));
    }
    write("\nshort\n");
  });
  line_reader in(ends[0]);
  EXPECT_EQ(in.read_line(), line);
  EXPECT_EQ(in.read_line(), "short");
}

TEST_F(Input, a_line_that_is_too_long_is_an_error) {
  write("12345678\n");
  line_reader in(ends[0], 7);
  EXPECT_EQ(error_of([&] { static_cast<void>(in.read_line()); }), std::errc::message_size);
  line_reader enough(ends[0], 8);
  write("12345678\n");
  EXPECT_EQ(enough.read_line(), "12345678");
}

TEST_F(Input, the_rest_of_a_line_that_is_too_long_is_skipped) {
  const auto too_long = [](line_reader& in) { return error_of([&] { static_cast<void>(in.read_line_for(1s)); }); };
  line_reader in(ends[0], 7);
  write("12345678\nnext\n123456789");
  EXPECT_EQ(too_long(in), std::errc::message_size);
  EXPECT_EQ(in.read_line_for(1s), "next");
  EXPECT_EQ(too_long(in), std::errc::message_size);
  EXPECT_EQ(in.read_line_for(5ms), std::nullopt) << "its end has not come yet";
  write("and more of it\nlast");
  end();
  EXPECT_EQ(in.read_line_for(1s), "last");
  EXPECT_EQ(in.read_line_for(1s), std::nullopt);
  EXPECT_TRUE(in.at_end());
}

TEST_F(Input, the_end_within_a_line_that_is_too_long) {
  line_reader in(ends[0], 7);
  write("12345678");
  end();
  EXPECT_EQ(error_of([&] { static_cast<void>(in.read_line()); }), std::errc::message_size);
  EXPECT_EQ(in.read_line(), std::nullopt);
  EXPECT_TRUE(in.at_end());
}

TEST_F(Input, of_a_pipes_other_end_without_a_reader_is_an_error) {
  ::close(ends[0]);
  ends[0] = -1;
  std::errc got{};
  curfew::jthread t([&] { got = error_of([&] { static_cast<void>(line_reader(ends[1]).read_line_for(10ms)); }); });
  if (!t.join_for(curfew_test::patient(3s))) {
    ends[0] = ends[1];  // closed with it: lets go of who reads on and on
    end();
  }
  EXPECT_EQ(got, std::errc::bad_file_descriptor);
}

TEST_F(Input, a_descriptor_that_does_not_block) {
  ASSERT_EQ(::fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  line_reader in(ends[0]);
  std::optional<std::string> line;
  curfew::jthread t([&] { line = in.read_line(); });
  ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
  write("here\n");
  t.join();
  EXPECT_EQ(line, "here");
}

TEST_F(Input, of_a_socket) {
  int sockets[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
  line_reader in(sockets[0]);
  ASSERT_EQ(::write(sockets[1], "hello\n", 6), 6);
  EXPECT_EQ(in.read_line(), "hello");
  ::close(sockets[1]);
  EXPECT_EQ(in.read_line(), std::nullopt);
  EXPECT_TRUE(in.at_end());
  ::close(sockets[0]);
}

TEST_F(Input, of_a_regular_file) {
  char name[] = "/tmp/curfew-lines-XXXXXX";
  const int file = ::mkstemp(name);
  ASSERT_GE(file, 0);
  ::unlink(name);
  ASSERT_EQ(::write(file, "one\ntwo", 7), 7);
  ASSERT_EQ(::lseek(file, 0, SEEK_SET), 0);
  line_reader in(file);
  EXPECT_EQ(in.read_line(), "one");
  EXPECT_EQ(in.read_line(), "two");
  EXPECT_EQ(in.read_line(), std::nullopt);
  ::close(file);
}

/// Two ends of each kind that reads differ for.
struct two_ends {
  int in = -1;
  int out = -1;
  const char* kind;

  two_ends(int i, int o, const char* k) : in(i), out(o), kind(k) {}
  two_ends(const two_ends&) = delete;
  two_ends& operator=(const two_ends&) = delete;
  ~two_ends() {
    ::close(in);
    ::close(out);
  }

  static std::unique_ptr<two_ends> of_a_pipe() {
    int fds[2];
    EXPECT_EQ(::pipe2(fds, O_CLOEXEC), 0);
    return std::make_unique<two_ends>(fds[0], fds[1], "pipe");
  }
  static std::unique_ptr<two_ends> of_a_socket() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    return std::make_unique<two_ends>(fds[0], fds[1], "socket");
  }
  static std::unique_ptr<two_ends> of_a_named_pipe() {
    char directory[] = "/tmp/curfew-fifo-XXXXXX";
    EXPECT_NE(::mkdtemp(directory), nullptr);
    const std::string name = std::string(directory) + "/fifo";
    EXPECT_EQ(::mkfifo(name.c_str(), 0600), 0);
    const int in = ::open(name.c_str(), O_RDWR | O_CLOEXEC);
    const int out = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
    ::unlink(name.c_str());
    ::rmdir(directory);
    return std::make_unique<two_ends>(in, out, "named pipe");
  }
  static std::unique_ptr<two_ends> of_a_terminal() {
    const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return nullptr;
    const int slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    termios settings{};
    EXPECT_EQ(::tcgetattr(slave, &settings), 0);
    settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    EXPECT_EQ(::tcsetattr(slave, TCSANOW, &settings), 0);
    return std::make_unique<two_ends>(slave, master, "terminal");
  }
};

TEST(InputOfMany, a_stop_ends_the_wait_of_a_reader_that_was_too_slow) {
  for (const auto& ends :
       {two_ends::of_a_pipe(), two_ends::of_a_socket(), two_ends::of_a_named_pipe(), two_ends::of_a_terminal()}) {
    if (ends == nullptr) continue;  // no terminal available
    const int flags = ::fcntl(ends->in, F_GETFL);
    // One line wakes two readers: one of them finds nothing any more.
    for (int round = 0; round < 150 && !testing::Test::HasFailure(); ++round) {
      std::atomic<int> lines{0};
      std::atomic<int> left{2};
      curfew::jthread readers[2];
      for (auto& r : readers)
        r = curfew::jthread([&] {
          while (curfew::read_line(ends->in)) ++lines;
          --left;
        });
      for (const auto& r : readers)
        ASSERT_TRUE(eventually([&] { return r.info().state == curfew::thread_state::waiting; }));
      ASSERT_EQ(::write(ends->out, "\n", 1), 1);
      EXPECT_TRUE(eventually([&] { return lines == 1; }));
      for (auto& r : readers) r.request_stop();
      EXPECT_TRUE(eventually([&] { return left == 0; }, 3s)) << ends->kind;
      EXPECT_EQ(lines, 1) << ends->kind;
      for (int i = left; i > 0; --i) EXPECT_EQ(::write(ends->out, "\n", 1), 1);  // lets go of who still reads
    }
    EXPECT_EQ(::fcntl(ends->in, F_GETFL), flags) << "what others share with it is as it was";
  }
}

TEST(InputOfMany, of_the_master_of_a_terminal) {
  const auto ends = two_ends::of_a_terminal();
  if (ends == nullptr) GTEST_SKIP() << "no terminal available";
  ASSERT_EQ(::write(ends->in, "line\n", 5), 5);
  line_reader in(ends->out);
  EXPECT_EQ(in.read_line_for(curfew_test::patient(20s)), "line\r");
}

TEST_F(Input, stdio_goes_on_beside_the_wait) {
  // A thread in getchar() would hold stdin's lock.
  FILE* const stream = ::fdopen(::dup(ends[0]), "r");
  curfew::jthread t([&] { (void)curfew::wait_readable(ends[0]); });
  ASSERT_TRUE(eventually([&] { return t.info().state == curfew::thread_state::waiting; }));
  EXPECT_EQ(::ftrylockfile(stream), 0);
  ::funlockfile(stream);
  t.request_stop();
  t.join();
  std::fclose(stream);
}

TEST_F(Input, of_what_is_not_open_is_an_error) {
  EXPECT_EQ(error_of([] { (void)curfew::wait_readable(-1); }), std::errc::bad_file_descriptor);
  EXPECT_EQ(error_of([] { (void)curfew::wait_readable(1'000'000); }), std::errc::bad_file_descriptor);
  EXPECT_EQ(error_of([] { static_cast<void>(curfew::read_line(1'000'000)); }), std::errc::bad_file_descriptor);
  EXPECT_EQ(error_of([this] { static_cast<void>(line_reader(ends[1]).read_line_for(10ms)); }), std::errc{})
      << "a pipe's other end is never readable";
}

TEST_F(Input, no_descriptor_available_is_an_error) {
  if (curfew_test::address_sanitizer) GTEST_SKIP() << "UndefinedBehaviorSanitizer looks at objects with a descriptor";
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 3;
  std::errc got{};
  curfew::jthread t([&got, &none, &before, fd = ends[0]] {  // a sanitizer's check of `this` needs a descriptor too
    ::setrlimit(RLIMIT_NOFILE, &none);
    got = error_of([fd] { (void)curfew::wait_readable(fd); });
    ::setrlimit(RLIMIT_NOFILE, &before);
  });
  t.join();
  EXPECT_EQ(got, std::errc::too_many_files_open);
}

}  // namespace
