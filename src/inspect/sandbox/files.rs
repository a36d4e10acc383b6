//! No files, no network: Landlock.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset,
    RulesetAttr, RulesetError, RulesetStatus, Scope,
};

/// Why there is no Landlock.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unlocked {
    #[error(transparent)]
    Ruleset(#[from] RulesetError),
    #[error("this kernel has none, or it is not switched on")]
    Absent,
}

/// Denies everything Landlock knows of, by asking for nothing. Tells the version of it that the
/// kernel has: the network is among it from 4 on, and before that left to the other walls.
pub(super) fn deny() -> Result<String, Unlocked> {
    let newest = ABI::V9;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))?
        .handle_access(AccessNet::from_all(newest))?
        .scope(Scope::from_all(newest))?
        .create()?
        .restrict_self()?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. }
            if status.ruleset != RulesetStatus::NotEnforced =>
        {
            Ok(format!("abi {}", effective_abi as u8))
        }
        _ => Err(Unlocked::Absent),
    }
}
