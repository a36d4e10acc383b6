//! A configuration together with the packs it names.

use std::path::Path;
use std::sync::Arc;

use crate::clock;
use crate::config::{
    self, Config, Loaded, PackFiles, Patterns, Problems, Purpose, Source, pattern_ids,
};
use crate::inspect::Care;
use crate::pattern::Stock;

/// What a gate is made of: a configuration that can be started by, and the packs it names.
#[derive(Debug)]
pub struct Configured {
    /// What is to be done.
    pub config: Config,
    /// What is recognized by.
    pub packs: Stock,
    /// What is doubtful in either.
    pub warnings: Problems,
}

impl Configured {
    /// Reads a file, and the policy and the packs it names. Takes a moment, for the packs are compiled.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of them, with the warnings: packs that are no use do not keep the rest from being told.
    pub fn read(file: &Path) -> Result<Self, Problems> {
        let source = Source::read(file).map_err(|problem| Problems::new(vec![*problem]))?;
        let (packs, of_packs) = match packs(&config::patterns_of(Arc::clone(&source))) {
            Ok((packs, warnings)) => (Some(packs), warnings),
            Err(problems) => (None, problems),
        };
        let known = packs.as_ref().map(|packs| pattern_ids(&packs.catalogue));
        let loaded = config::load_source(source, Purpose::Serve, known.as_deref());
        let (config, of_config) = match loaded {
            Ok(Loaded { config, warnings }) => (Some(config), warnings),
            Err(problems) => (None, problems),
        };
        let problems = of_packs.iter().chain(of_config.iter()).cloned().collect();
        let problems = Problems::new(problems);
        match (config, packs) {
            (Some(config), Some(packs)) => Ok(Self {
                config,
                packs,
                warnings: problems,
            }),
            _ => Err(problems),
        }
    }
}

/// The examples of the shipped packs were run when the program was built; those of any others, or of what is left of the
/// shipped ones, are run now.
fn packs(patterns: &Patterns) -> Result<(Stock, Problems), Problems> {
    let care = if patterns.are_shipped() {
        Care::Compile
    } else {
        Care::Prove
    };
    PackFiles::in_use(patterns).stock(care, clock::year())
}
