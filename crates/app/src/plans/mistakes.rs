//! What is wrong with a plan, in the reader's language: the engine's own words are English.

use qiao_engine::Language;
use qiao_engine::plans::PlanError;

/// A mistake in a language.
#[must_use]
pub fn in_words(mistake: &PlanError, language: Language) -> String {
    if mistake.code == "wrong_form" {
        return wrong_form(&mistake.message, language);
    }
    if language == Language::En {
        return mistake.message.clone();
    }
    let place = mistake.pointer.rsplit('/').next().unwrap_or_default();
    match (mistake.code, place) {
        ("currency_mismatch", _) => "方案的币种须与公司币种一致。".to_owned(),
        ("required", "id") => "编号须为 1 至 100 个字符。".to_owned(),
        ("required", "components") => "至少要有一个激励项。".to_owned(),
        ("required", "who") => "请指定适用的角色、团队或成员。".to_owned(),
        ("required", "roles") => "至少选择一个归属角色。".to_owned(),
        ("required", "rows") => "至少要有一档。".to_owned(),
        ("required", "where") => "请选择进入哪个阶段时奖励。".to_owned(),
        ("not_a_choice", "period") => "计算周期只能是月、季度或年。".to_owned(),
        ("not_a_choice", "basis") => "节点奖励的基数是“进入阶段”。".to_owned(),
        ("before", _) => "截止日期早于开始日期。".to_owned(),
        ("already_used", "id") => "两个激励项的编号相同。".to_owned(),
        ("already_used", _) => "前面已有条件相同的一行。".to_owned(),
        ("unknown_reference", _) => format!("找不到{}。", quoted(&mistake.message)),
        ("unknown_field", _) => "该维度不在所选维度中。".to_owned(),
        ("gap", _) => "第一档须从 0 开始。".to_owned(),
        ("not_ascending", _) => "档位须从低到高。".to_owned(),
        ("too_many_decimals", _) => "金额的小数位过多。".to_owned(),
        ("not_money", _) => "奖励须是大于 0 的金额。".to_owned(),
        ("unreadable", _) => format!("无法读取：{}", mistake.message),
        _ => mistake.message.clone(),
    }
}

/// What cannot be read at its place, which the pointer of the mistake names: a number that is none or was not typed yet.
fn wrong_form(message: &str, language: Language) -> String {
    let what = message.split_once(": ").map_or(message, |(_, what)| what);
    let number =
        what.strip_suffix("' is not a number; write it like 0.05 or 5%").and_then(|rest| rest.strip_prefix('\''));
    match (number, language) {
        (Some(""), Language::En) => "A number is missing here; write it like 0.05 or 5%.".to_owned(),
        (Some(""), Language::Zh) => "这里还没有填数字，写法如 0.05 或 5%。".to_owned(),
        (Some(text), Language::Zh) => format!("“{text}”不是数字，写法如 0.05 或 5%。"),
        (_, Language::En) => what.to_owned(),
        (None, Language::Zh) => format!("格式不正确：{what}"),
    }
}

/// The word that a message quotes.
fn quoted(message: &str) -> String {
    message.split('\'').nth(1).map_or_else(|| "所指的内容".to_owned(), |word| format!("“{word}”"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_is_none_is_said_in_the_readers_words() {
        let said = |rate: &str, language| {
            let source = format!(
                "id: a\nname: A\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {{roles: [rep]}}\ncomponents:\n  - {{id: c, name: C, basis: opportunity_won, rate: {{flat: '{rate}'}}}}\n"
            );
            let mistake = match qiao_engine::plans::parse(&source) {
                Err(mistake) => mistake,
                Ok((plan, tree)) => qiao_engine::plans::not_served(&plan, &tree).remove(0),
            };
            assert_eq!(
                (mistake.code, mistake.pointer.as_str()),
                ("wrong_form", "/components/0/rate/flat"),
                "{mistake:?}"
            );
            in_words(&mistake, language)
        };
        assert_eq!(said("", Language::Zh), "这里还没有填数字，写法如 0.05 或 5%。");
        assert_eq!(said("", Language::En), "A number is missing here; write it like 0.05 or 5%.");
        assert_eq!(said("abc", Language::Zh), "“abc”不是数字，写法如 0.05 或 5%。");
        assert_eq!(said("abc", Language::En), "'abc' is not a number; write it like 0.05 or 5%");
    }
}
