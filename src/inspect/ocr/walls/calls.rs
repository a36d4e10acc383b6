//! The system calls that loading and running Tesseract needs: seccomp. No socket is made, no process or thread started, nothing
//! written but to the three pipes.
//!
//! The list must hold for versions of Tesseract and the C library that nobody here has seen, so it is wider than what one of them
//! was seen to do; what is not named is refused (EPERM).

use std::collections::BTreeMap;

use libc::{c_int, c_long};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};

/// Allows those calls.
pub(super) fn allow() -> Result<(), seccompiler::Error> {
    let mut rules: BTreeMap<_, _> = ALWAYS.iter().map(|call| (*call, Vec::new())).collect();
    let is = |at: u8, value: u64| {
        let equal = SeccompCmpOp::Eq;
        let condition = SeccompCondition::new(at, SeccompCmpArgLen::Qword, equal, value)?;
        SeccompRule::new(vec![condition])
    };
    for call in [libc::SYS_write, libc::SYS_writev] {
        rules.insert(call, vec![is(0, 1)?, is(0, 2)?]);
    }
    // Whether an output is a terminal.
    rules.insert(libc::SYS_ioctl, vec![is(1, libc::TCGETS)?]);
    // Limits are told, and none is set.
    rules.insert(libc::SYS_prlimit64, vec![is(2, 0)?]);
    // A signal to ourselves, which is how the runtime aborts.
    let ourselves = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![is(0, ourselves)?]);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Errno(REFUSED.unsigned_abs()),
        SeccompAction::Allow,
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?;
    apply_filter_all_threads(&BpfProgram::try_from(filter)?)
}

const REFUSED: c_int = libc::EPERM;

/// Calls that are allowed whatever they are asked.
const ALWAYS: &[c_long] = &[
    // Becoming another program. Which one, Landlock says.
    libc::SYS_execve,
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Files that are there. Which ones, Landlock says.
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fadvise64,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_statx,
    // What we are, and what time it is.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_nanosleep,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sysinfo,
    libc::SYS_times,
    libc::SYS_uname,
    // What the C library does in a process of one thread, and the end.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_sigaltstack,
    // Older ways to say the same, which not every machine has.
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_arch_prctl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_time,
];
