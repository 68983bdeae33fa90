//! The standard kinds of fact. Kinds are open: a company adds its own, any word in snake case.

use crate::text::Language;

/// Kinds that refer to another fact without reversing it.
const REFERRING: &[&str] = &["refund", "write_off", "recognition", "release", "forfeiture"];

/// kind, Chinese, English.
const KINDS: &[(&str, &str, &str)] = &[
    ("lead_created", "新增线索", "Lead created"),
    ("lead_converted", "线索转化", "Lead converted"),
    ("activity_logged", "跟进", "Activity"),
    ("stage_entered", "进入阶段", "Stage entered"),
    ("opportunity_won", "商机赢单", "Opportunity won"),
    ("opportunity_lost", "商机输单", "Opportunity lost"),
    ("contract_signed", "合同签订", "Contract signed"),
    ("agreement_filed", "协议归档", "Agreement filed"),
    ("invoice_issued", "开票", "Invoice issued"),
    ("payment_received", "回款", "Payment received"),
    ("refund", "退款", "Refund"),
    ("write_off", "坏账核销", "Write-off"),
    ("sale_recorded", "销售", "Sale recorded"),
    ("recognition", "业绩生效", "Recognition"),
    ("release", "解冻", "Release"),
    ("forfeiture", "作废", "Forfeiture"),
];

/// The name of a kind in a language; the kind itself where it is the company's own.
#[must_use]
pub fn kind_name(kind: &str, language: Language) -> &str {
    KINDS.iter().find(|(known, _, _)| *known == kind).map_or(kind, |(_, zh, en)| language.pick(zh, en))
}

/// The standard kinds with their names in a language.
pub fn standard_kinds(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    KINDS.iter().map(move |(kind, zh, en)| (*kind, language.pick(zh, en)))
}

/// True for a word that can name a kind of fact: snake case, at most 60 characters.
#[must_use]
pub fn is_kind(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && word.len() <= 60
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// True where a fact of this kind that refers to another one takes it back.
#[must_use]
pub fn reverses(kind: &str) -> bool {
    !REFERRING.contains(&kind)
}

/// Kinds of money that goes back without undoing what was done: a refund does not undo the payment.
pub const MONEY_BACK: [&str; 2] = ["refund", "write_off"];

/// The kinds that belong to a basis: refunds are part of payments received, so that money sent back earns nothing.
#[must_use]
pub fn basis_kinds(kind: &str) -> Vec<String> {
    match kind {
        "payment_received" => vec!["payment_received".to_owned(), "refund".to_owned()],
        other => vec![other.to_owned()],
    }
}
