// SPDX-License-Identifier: Apache-2.0
// CURFEW_EXIT: what it names wins over set_exit_options; what does not parse is one line on stderr and has no effect.
//
// The line printed: grace shield deadline report_after deadline_status daemons destructors foreign report, times in ms.
//! case: not set
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! case: empty
//! env: CURFEW_EXIT=
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! case: as in the documentation
//! env: CURFEW_EXIT=deadline=30s,grace=500ms,shield=5s,report_after=2s,deadline_status=124,daemons=freeze
//! env+: CURFEW_EXIT=,destructors=10s,foreign=leave,second_signal_after=500ms,report=-
//! out: default 500 5000 30000 2000 124 freeze 10000 leave "-"
//! out: set     500 5000 30000 2000 124 freeze 10000 leave "-"
//! err* .*exit: waited \d+ ms for 0, froze 0 .*
//! case: only what it names stays
//! env: CURFEW_EXIT=deadline=1500ms
//! out: default 0 5000 1500 2000 124 freeze 10000 leave ""
//! out: set     1 2 1500 4 5 skip 6 leave "said"
//! case: skip_destructors
//! env: CURFEW_EXIT=daemons=skip_destructors,deadline_status=0
//! out: default 0 5000 none 2000 0 skip 10000 leave ""
//! out: set     1 2 3 4 0 skip 6 leave "said"
//! case: a limit of nothing
//! env: CURFEW_EXIT=grace=0ms,shield=0s
//! out: default 0 0 none 2000 124 freeze 10000 leave ""
//! out: set     0 0 3 4 5 skip 6 leave "said"
//! case: an unknown name
//! env: CURFEW_EXIT=dedline=30s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: a number that is none
//! env: CURFEW_EXIT=deadline=soon
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: one fault and nothing of it has effect
//! env: CURFEW_EXIT=grace=500ms,deadline=-1s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: no value
//! env: CURFEW_EXIT=deadline
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: a negative time between signals
//! env: CURFEW_EXIT=second_signal_after=-1
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: an unknown unit
//! env: CURFEW_EXIT=deadline=30parsecs
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: a number that does not fit
//! env: CURFEW_EXIT=deadline=99999999999999999999999s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: a product that does not fit
//! env: CURFEW_EXIT=deadline=9223372036854775807s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: a status outside a byte
//! env: CURFEW_EXIT=deadline_status=256
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: an unknown ending
//! env: CURFEW_EXIT=daemons=thaw
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: what the program cannot do
//! env: CURFEW_EXIT=foreign=freeze
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT.*
//! case: an empty item
//! env: CURFEW_EXIT=grace=1s,,shield=2s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT is ignored: an item is empty; write key=value, with commas between
//! case: a comma alone
//! env: CURFEW_EXIT=,
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT is ignored: an item is empty; write key=value, with commas between
//! case: blanks
//! env: CURFEW_EXIT=grace=1s, shield=2s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT is ignored: unknown key " shield"; known are grace, shield, deadline, .*
//! case: a key that is none
//! env: CURFEW_EXIT=grase=1s
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ curfew: CURFEW_EXIT is ignored: unknown key "grase"; known are grace, shield, .*, daemons, .*, report, timeline
//! case: a choice that is none
//! env: CURFEW_EXIT=daemons=no
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ curfew: CURFEW_EXIT is ignored: "daemons=no" is wrong; .* takes freeze or skip_destructors
//! case: control characters
//! env: CURFEW_EXIT=grace=[31m
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT is ignored: "grace=\?\[31m" is wrong; grace takes a time such as 500ms, 10s or 2m
//! case: a value that is too long
//! env: CURFEW_EXIT=grace=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! env+: CURFEW_EXIT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! env+: CURFEW_EXIT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! env+: CURFEW_EXIT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! env+: CURFEW_EXIT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! env+: CURFEW_EXIT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! env+: CURFEW_EXIT=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
//! out: default 0 5000 none 2000 124 freeze 10000 leave ""
//! out: set     1 2 3 4 5 skip 6 leave "said"
//! err~ .*CURFEW_EXIT is ignored: "grace=x{94}" is wrong; .*
//! case: a key twice: the last one
//! env: CURFEW_EXIT=grace=1s,grace=2s
//! out: default 2000 5000 none 2000 124 freeze 10000 leave ""
//! out: set     2000 2 3 4 5 skip 6 leave "said"
#include <curfew/exit.hpp>

#include <support/program.hpp>

static void print(const char* when) {
  const auto o = curfew::get_exit_options();
  std::printf("%s %lld %lld ", when, static_cast<long long>(o.daemon_grace.count()),
              static_cast<long long>(o.shield_limit.count()));
  if (o.deadline)
    std::printf("%lld", static_cast<long long>(o.deadline->count()));
  else
    std::printf("none");
  std::printf(" %lld %d %s %lld %s \"%s\"\n", static_cast<long long>(o.report_after.count()), o.deadline_status,
              o.daemons == curfew::ending::freeze ? "freeze" : "skip",
              static_cast<long long>(o.destructor_limit.count()),
              o.foreign == curfew::foreign_threads::leave ? "leave" : "freeze", o.report.c_str());
}

int main() {
  print("default");
  using std::chrono::milliseconds;
  curfew::set_exit_options({.daemon_grace = milliseconds(1),
                            .shield_limit = milliseconds(2),
                            .deadline = milliseconds(3),
                            .report_after = milliseconds(4),
                            .deadline_status = 5,
                            .daemons = curfew::ending::skip_destructors,
                            .destructor_limit = milliseconds(6),
                            .report = "said"});
  print("set    ");
  // Nothing of this is to be felt: there is nothing to wait for.
  curfew::set_exit_options({.report_after = milliseconds(-1)});
}
