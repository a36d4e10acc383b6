//! The system calls that reading a message needs, and no others: seccomp.
//!
//! What is not named is refused (EPERM) rather than deadly, so that a C library which learns a new call falls back to the old
//! one instead of costing every message its reading.

use std::collections::BTreeMap;

use libc::{AT_EMPTY_PATH, PROT_EXEC, c_int, c_long};
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter_all_threads,
};

/// Allows those calls, in all threads.
pub(super) fn allow_few() -> Result<(), seccompiler::Error> {
    let filter = SeccompFilter::new(
        rules()?,
        SeccompAction::Errno(libc::EPERM.unsigned_abs()),
        SeccompAction::Allow,
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?;
    let program = BpfProgram::try_from(filter)?;
    apply_filter_all_threads(&program)
}

/// Calls that are allowed whatever they are asked.
const ALWAYS: &[c_long] = &[
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // The socket, and the descriptor that comes over it.
    libc::SYS_close,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_sendto,
    // Two threads that wait for each other, and the clock of one of them.
    libc::SYS_clock_gettime,
    libc::SYS_futex,
    libc::SYS_restart_syscall,
    libc::SYS_sched_yield,
    // Seeds of hash tables.
    libc::SYS_getrandom,
    // Signals that do not end us, and the end: how the runtime aborts.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
];

fn rules() -> Result<BTreeMap<c_long, Vec<SeccompRule>>, BackendError> {
    let mut rules: BTreeMap<_, _> = ALWAYS.iter().map(|call| (*call, Vec::new())).collect();
    // No memory that can be run.
    let no_code = || rule(2, SeccompCmpOp::MaskedEq(word(PROT_EXEC)), 0);
    rules.insert(libc::SYS_mmap, vec![no_code()?]);
    rules.insert(libc::SYS_mprotect, vec![no_code()?]);
    // Complaints of the runtime, which the gate reads.
    rules.insert(libc::SYS_write, vec![rule(0, SeccompCmpOp::Eq, 2)?]);
    // How long the file of a message is: asked of a descriptor, not of a path.
    let of_descriptor = SeccompCmpOp::MaskedEq(word(AT_EMPTY_PATH));
    rules.insert(
        libc::SYS_statx,
        vec![rule(2, of_descriptor, word(AT_EMPTY_PATH))?],
    );
    // A signal to ourselves, which is how the runtime aborts.
    let ourselves = u64::from(std::process::id());
    rules.insert(
        libc::SYS_tgkill,
        vec![rule(0, SeccompCmpOp::Eq, ourselves)?],
    );
    Ok(rules)
}

/// The call is allowed where argument `at` is so.
fn rule(at: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
    let condition = SeccompCondition::new(at, SeccompCmpArgLen::Dword, operator, value)?;
    SeccompRule::new(vec![condition])
}

fn word(flag: c_int) -> u64 {
    flag.unsigned_abs().into()
}
