//! What kind of personal data a pattern finds.

/// A category of personal data. GDPR article 9(1) names the first eight, article 10 `Criminal`; Danish practice
/// calls the next four *fortrolige*; the national identification number has its own rule (databeskyttelsesloven
/// § 11).
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the words of the law")]
pub enum Category {
    Health,
    Ethnicity,
    Political,
    Religion,
    Union,
    Genetic,
    Biometric,
    Sexuality,
    Criminal,
    Economy,
    Family,
    Employment,
    Exam,
    NationalId,
}

impl Category {
    /// All categories.
    pub const ALL: [Self; 14] = [
        Self::Health,
        Self::Ethnicity,
        Self::Political,
        Self::Religion,
        Self::Union,
        Self::Genetic,
        Self::Biometric,
        Self::Sexuality,
        Self::Criminal,
        Self::Economy,
        Self::Family,
        Self::Employment,
        Self::Exam,
        Self::NationalId,
    ];

    /// The word for it in packs, policies, reports and `scan --json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Ethnicity => "ethnicity",
            Self::Political => "political",
            Self::Religion => "religion",
            Self::Union => "union",
            Self::Genetic => "genetic",
            Self::Biometric => "biometric",
            Self::Sexuality => "sexuality",
            Self::Criminal => "criminal",
            Self::Economy => "economy",
            Self::Family => "family",
            Self::Employment => "employment",
            Self::Exam => "exam",
            Self::NationalId => "national-id",
        }
    }
}
