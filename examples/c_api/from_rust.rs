// SPDX-License-Identifier: Apache-2.0
// curfew from Rust, in one file: the C functions are declared by hand. The exit waits for the regular thread, which
// std::thread::spawn does not promise, and freezes the daemon.
use std::ffi::{c_char, c_int, c_void, CStr};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

type Function = extern "C" fn(*mut c_void);

extern "C" {
    fn curfew_start(made: *mut *mut c_void, options: *const c_void, function: Function, argument: *mut c_void) -> c_int;
    fn curfew_start_daemon(made: *mut *mut c_void, name: *const c_char, function: Function, argument: *mut c_void) -> c_int;
    fn curfew_before_wait(name: *const c_char, hook: Function, argument: *mut c_void, id: *mut u64) -> c_int;
}

static TICKS: AtomicI64 = AtomicI64::new(0);
static CLOSED: AtomicBool = AtomicBool::new(false);

extern "C" fn work(_: *mut c_void) {
    while !CLOSED.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(1));
    }
    println!("worker: finished after main");
}

extern "C" fn poll(_: *mut c_void) {
    loop {
        TICKS.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(1));
    }
}

extern "C" fn close(_: *mut c_void) {
    CLOSED.store(true, Ordering::SeqCst);
}

fn main() {
    let null = std::ptr::null_mut();
    let name = |text: &'static [u8]| CStr::from_bytes_with_nul(text).unwrap().as_ptr();
    unsafe {
        assert_eq!(curfew_start(null as *mut *mut c_void, std::ptr::null(), work, null), 0);
        assert_eq!(curfew_start_daemon(null as *mut *mut c_void, name(b"poller\0"), poll, null), 0);
        assert_eq!(curfew_before_wait(name(b"close\0"), close, null, std::ptr::null_mut()), 0);
    }
    while TICKS.load(Ordering::SeqCst) == 0 {
        std::thread::sleep(Duration::from_millis(1));
    }
    println!("main: returns");
}
