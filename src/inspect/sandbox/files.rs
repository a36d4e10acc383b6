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

/// Denies everything Landlock knows of, by asking for nothing. Tells the version the kernel has, and whether it knows less
/// than we asked for.
pub(super) fn deny() -> Result<String, Unlocked> {
    let newest = ABI::V9;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(newest))?
        .handle_access(AccessNet::from_all(newest))?
        .scope(Scope::from_all(newest))?
        .create()?
        .restrict_self()?;
    let LandlockStatus::Available { effective_abi, .. } = status.landlock else {
        return Err(Unlocked::Absent);
    };
    let version = match effective_abi {
        ABI::Unsupported => return Err(Unlocked::Absent),
        abi => format!("abi {}", abi as u8),
    };
    match status.ruleset {
        RulesetStatus::FullyEnforced => Ok(version),
        RulesetStatus::PartiallyEnforced => Ok(format!("{version}, in part")),
        _ => Err(Unlocked::Absent),
    }
}
