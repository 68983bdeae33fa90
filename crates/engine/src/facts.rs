//! The standard kinds of facts, and the attributes that have a meaning of their own.
//!
//! Kinds are open: a company adds its own, any word of `a-z`, digits and `_` that starts with a letter.

/// A kind with its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The word in code, files and the ledger.
    pub code: &'static str,
    /// The Chinese name.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
}

/// A lead came in.
pub const LEAD_CREATED: &str = "lead_created";
/// A lead became an account, contact or opportunity.
pub const LEAD_CONVERTED: &str = "lead_converted";
/// A call, visit, demo, message or meeting; attribute `activity_kind`.
pub const ACTIVITY_LOGGED: &str = "activity_logged";
/// An opportunity entered a stage; attributes `stage` and `pipeline`.
pub const STAGE_ENTERED: &str = "stage_entered";
/// An opportunity was won.
pub const OPPORTUNITY_WON: &str = "opportunity_won";
/// An opportunity was lost.
pub const OPPORTUNITY_LOST: &str = "opportunity_lost";
/// A contract was signed.
pub const CONTRACT_SIGNED: &str = "contract_signed";
/// The signed papers of a contract were filed.
pub const AGREEMENT_FILED: &str = "agreement_filed";
/// An invoice was issued.
pub const INVOICE_ISSUED: &str = "invoice_issued";
/// Money came in.
pub const PAYMENT_RECEIVED: &str = "payment_received";
/// Money went back to the customer; amounts are negative; refers to the payment without reversing it.
pub const REFUND: &str = "refund";
/// A receivable was given up.
pub const WRITE_OFF: &str = "write_off";
/// A sale without a contract (till, shop).
pub const SALE_RECORDED: &str = "sale_recorded";
/// A pending fact begins to count on this fact's date; refers to it.
pub const RECOGNITION: &str = "recognition";
/// Held pay becomes free.
pub const RELEASE: &str = "release";
/// Held pay is lost.
pub const FORFEITURE: &str = "forfeiture";

/// The standard kinds in the order people meet them.
pub const STANDARD: [Kind; 16] = [
    Kind {
        code: LEAD_CREATED,
        zh: "新增线索",
        en: "lead created",
    },
    Kind {
        code: LEAD_CONVERTED,
        zh: "线索转化",
        en: "lead converted",
    },
    Kind {
        code: ACTIVITY_LOGGED,
        zh: "跟进",
        en: "activity logged",
    },
    Kind {
        code: STAGE_ENTERED,
        zh: "进入阶段",
        en: "stage entered",
    },
    Kind {
        code: OPPORTUNITY_WON,
        zh: "商机赢单",
        en: "opportunity won",
    },
    Kind {
        code: OPPORTUNITY_LOST,
        zh: "商机输单",
        en: "opportunity lost",
    },
    Kind {
        code: CONTRACT_SIGNED,
        zh: "合同签订",
        en: "contract signed",
    },
    Kind {
        code: AGREEMENT_FILED,
        zh: "协议归档",
        en: "agreement filed",
    },
    Kind {
        code: INVOICE_ISSUED,
        zh: "开票",
        en: "invoice issued",
    },
    Kind {
        code: PAYMENT_RECEIVED,
        zh: "回款",
        en: "payment received",
    },
    Kind {
        code: REFUND,
        zh: "退款",
        en: "refund",
    },
    Kind {
        code: WRITE_OFF,
        zh: "核销",
        en: "write-off",
    },
    Kind {
        code: SALE_RECORDED,
        zh: "销售",
        en: "sale recorded",
    },
    Kind {
        code: RECOGNITION,
        zh: "业绩生效",
        en: "recognition",
    },
    Kind {
        code: RELEASE,
        zh: "解冻",
        en: "release",
    },
    Kind {
        code: FORFEITURE,
        zh: "作废",
        en: "forfeiture",
    },
];

/// Attribute of stage entries: the name of the stage.
pub const ATTRIBUTE_STAGE: &str = "stage";
/// Attribute of stage entries: the name of the pipeline.
pub const ATTRIBUTE_PIPELINE: &str = "pipeline";
/// Attribute of activities: call, visit, demo ...
pub const ATTRIBUTE_ACTIVITY_KIND: &str = "activity_kind";
/// Attribute of activities: `true` when it had an outcome and a next step.
pub const ATTRIBUTE_EFFECTIVE: &str = "effective";
/// Attribute of wins: days from first touch to win.
pub const ATTRIBUTE_CYCLE_DAYS: &str = "cycle_days";

/// The role that counts unless a plan or metric names another.
pub const ROLE_OWNER: &str = "owner";

/// The standard kind of a code.
pub fn standard(code: &str) -> Option<&'static Kind> {
    STANDARD.iter().find(|kind| kind.code == code)
}

/// Whether a word can be a kind: `a-z`, digits, `_`, starting with a letter, at most 64 characters.
pub fn is_kind(word: &str) -> bool {
    word.len() <= 64
        && word.starts_with(|c: char| c.is_ascii_lowercase())
        && word
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}
