//! The texts of the error codes, in both languages. `{0}`, `{1}` ... stand for the error's arguments.
//!
//! A code is stable: scripts and the interface rely on it. A text says what is wrong and what would be right.

use crate::locale::Locale;

/// code, Chinese, English.
const MESSAGES: &[(&str, &str, &str)] = &[
    ("not_signed_in", "请先登录。", "Sign in first."),
    ("session_ended", "登录已失效，请重新登录。", "The session has ended; sign in again."),
    ("wrong_credentials", "邮箱或密码不正确。", "The e-mail or the password is wrong."),
    ("locked", "尝试次数过多，账号已暂时锁定，请稍后再试。", "Too many attempts; the account is locked for a while."),
    ("slow_down", "操作过于频繁，请稍后再试。", "Too many requests; try again shortly."),
    ("not_allowed", "您没有执行此操作的权限。", "Your role may not do this."),
    ("pay_not_granted", "提成数据需要单独授权才能查看。", "Seeing pay needs its own grant."),
    ("already_converted", "该线索已转化。", "The lead is converted already."),
    ("archived", "该记录已归档，请先恢复再修改。", "It was put away: bring it back before changing it."),
    ("not_found", "不存在，或不在您的查看范围内。", "It is not there, or not yours to see."),
    ("changed_meanwhile", "其他人已修改此记录，请刷新后重试。", "Somebody changed it meanwhile; load it again."),
    ("if_match_missing", "请在 If-Match 中带上读取时的 ETag。", "Send the ETag you read in If-Match."),
    ("too_large", "内容超过大小限制。", "It is larger than allowed."),
    (
        "unsupported_media_type",
        "请以 application/json（文件以 multipart/form-data）发送。",
        "Send it as application/json, a file as multipart/form-data.",
    ),
    ("invalid", "有字段填写不正确。", "Some fields are wrong."),
    ("try_again", "系统繁忙，请重试。", "The write did not happen; send it again."),
    ("internal", "系统内部错误，已记录。", "Something went wrong here; it has been logged."),
    (
        "idempotency_key_reused",
        "该 Idempotency-Key 已用于另一个请求。",
        "This Idempotency-Key was used for another request.",
    ),
    ("cross_origin", "请求来自其他站点，已拒绝。", "The request came from another site."),
    ("unreadable_file", "文件无法读取。", "The file cannot be read."),
    ("unreadable_json", "内容不是有效的 JSON。", "The body is not valid JSON."),
    ("method_not_allowed", "此地址不支持该方法。", "This address does not know the method."),
    // fields
    ("required", "必填。", "It is required."),
    ("too_many_mentions", "一条评论最多提到 {0} 人。", "A comment names at most {0} people."),
    ("too_long", "最多 {0} 个字符。", "At most {0} characters."),
    ("too_short", "至少 {0} 个字符。", "At least {0} characters."),
    ("control_characters", "不能包含控制字符。", "It must not hold control characters."),
    ("not_money", "“{0}”不是金额，应如 1234.50。", "'{0}' is not an amount; write it like 1234.50."),
    ("too_many_decimals", "“{0}”的小数位过多，{1} 最多 {2} 位。", "'{0}' has too many decimals; {1} has {2}."),
    (
        "out_of_range",
        "“{0}”超出范围，应在 {1} 至 {2} 之间。",
        "'{0}' is out of range; it must lie between {1} and {2}.",
    ),
    (
        "fields_or_archived",
        "每条修改要么给出 fields，要么给出 archived，不能都给或都不给。",
        "Each edit has either fields or archived: one of them, not both.",
    ),
    ("negative", "不能为负数。", "It must not be negative."),
    ("not_positive", "必须大于 0。", "It must be above zero."),
    ("not_date", "“{0}”不是日期，应如 2026-03-31。", "'{0}' is not a date; write it like 2026-03-31."),
    (
        "date_out_of_range",
        "“{0}”不在 1970 至 2100 年之间，请检查年份。",
        "'{0}' is not between 1970 and 2100; check the year.",
    ),
    (
        "not_period",
        "“{0}”不是周期，应如 2026、2026-Q1、2026-03、2026-W09。",
        "'{0}' is not a period; write 2026, 2026-Q1, 2026-03 or 2026-W09.",
    ),
    ("not_rate", "“{0}”不是比例，应如 0.05。", "'{0}' is not a rate; write it like 0.05."),
    ("not_a_choice", "“{0}”不可用，可选：{1}。", "'{0}' is not possible; one of: {1}."),
    (
        "not_email",
        "“{0}”不是邮箱地址，应如 name@example.com。",
        "'{0}' is not an e-mail address; write it like name@example.com.",
    ),
    ("currency_mismatch", "币种“{0}”与公司币种 {1} 不一致。", "The currency '{0}' is not the company's, {1}."),
    ("unknown_reference", "“{0}”不存在，或不在您的查看范围内。", "'{0}' is not there, or not yours to see."),
    ("not_number", "“{0}”不是数字，或小数超过 6 位。", "'{0}' is not a number, or has more than 6 decimals."),
    ("metric_mistake", "指标定义第 {0} 行：{1}", "Line {0} of the metric: {1}"),
    ("plan_mistake", "方案文件第 {0} 行：{1}", "Line {0} of the plan: {1}"),
    ("plan_currency_mismatch", "方案文件第 {0} 行：币种与公司不一致（{1}）", "Line {0} of the plan: {1}"),
    ("mapping", "映射与文件不符。", "The mapping does not fit the file."),
    (
        "unknown_name",
        "找不到“{0}”，请先建立，或在映射文件中声明别名。",
        "There is no '{0}'; make it first, or state an alias in the mapping file.",
    ),
    (
        "unknown_name_near",
        "找不到“{0}”，是否指“{1}”？如是，请在映射文件中声明别名。",
        "There is no '{0}'; did you mean '{1}'? If so, state an alias in the mapping file.",
    ),
    ("twice_in_file", "与文件第 {0} 行是同一条记录。", "It is the same record as line {0} of the file."),
    ("not_an_id", "“{0}”不是有效的编号。", "'{0}' is not an id."),
    (
        "ends_elsewhere",
        "阶段历程的最后一项必须是商机当前阶段。",
        "The history of stages must end in the stage of the deal.",
    ),
    ("stage_of_other_pipeline", "该阶段不属于此商机的销售流程。", "This stage belongs to another pipeline."),
    ("split_over_one", "归属比例合计 {0}，不能超过 100 %。", "The owners' shares sum to {0}; at most the whole."),
    ("duplicate_person", "同一成员在同一角色中出现了两次。", "The same person stands twice in one role."),
    ("already_used", "“{0}”已被使用。", "'{0}' is in use already."),
    (
        "already_taken",
        "编号或名称已被其他记录使用（可能不在您的查看范围内）。",
        "Another record, perhaps not yours to see, has this id or number.",
    ),
    ("circle", "不能以自己或自己的下级为上级。", "It cannot be below itself."),
    ("limit", "limit 应在 1 至 200 之间。", "limit must lie between 1 and 200."),
    ("cursor", "游标无效，请从第一页重新开始。", "The cursor is not valid; begin at the first page."),
    ("unknown_sort", "不能按“{0}”排序，可选：{1}。", "Cannot sort by '{0}'; one of: {1}."),
    ("unknown_field", "未知字段“{0}”。", "Unknown field '{0}'."),
    ("wrong_type", "类型不正确：{0}。", "It has the wrong type: {0}."),
    ("closed_record", "记录已归档或已关闭，不能修改。", "The record is archived or closed and cannot be changed."),
    ("refund_too_large", "退款超过已收金额 {0}。", "The refund is more than the {0} that came in."),
    ("already_done", "已经执行过。", "This was done already."),
    (
        "password_weak",
        "密码至少 10 个字符，且不能是常见密码。",
        "A password has at least 10 characters and is not a common one.",
    ),
    ("password_wrong", "当前密码不正确。", "The current password is wrong."),
    ("last_administrator", "至少保留一位可用的管理员。", "One active administrator must remain."),
    ("overlapping", "与已有的时间段 {0} 重叠。", "It overlaps {0}."),
    ("schedule_over_amount", "收款计划合计超过合同金额 {0}。", "The schedule sums to more than the contract's {0}."),
    ("differs_from_lines", "与明细合计 {0} 不一致。", "The lines sum to {0}."),
    ("more_than", "不能超过 {0}。", "It must not be more than {0}."),
    ("already_there", "已有同一目标，请修改该目标。", "There is such a target already; change that one."),
    ("fixed", "不能更改；请冲销后重新登记。", "It cannot be changed; take it back and book it anew."),
    ("contract_not_signed", "合同 {0} 尚未签订。", "The contract {0} is not signed."),
    ("in_future", "{0} 在今天之后。", "{0} is after today."),
    ("write_off_too_large", "核销金额超过未收金额 {0}。", "The write-off is more than the {0} that is open."),
    (
        "converted_to_what",
        "已转化的线索须关联客户或商机。",
        "A converted lead names the account or the opportunity it became.",
    ),
    ("delivered_more", "交付数量合计 {0}，超过订单数量 {1}。", "{0} delivered in all, more than the {1} ordered."),
    ("too_many_rows", "最多 {0} 行。", "At most {0} rows."),
    (
        "not_credit_code",
        "“{0}”不是统一社会信用代码，应为 18 位数字或大写字母。",
        "'{0}' is not a social credit code: 18 digits and capital letters.",
    ),
    ("after_day", "不能晚于 {0}。", "It must not be after {0}."),
    (
        "already_in_team",
        "该成员这一天已在此团队担任同一角色。",
        "The person is in this team with this role on that day.",
    ),
    (
        "first_membership",
        "第一段团队经历不能删除，请修改其团队或日期。",
        "The first team stays: correct its team or its first day.",
    ),
    (
        "team_not_empty",
        "团队中还有 {0} 名成员、{1} 个下级团队，请先调走再归档。",
        "{0} people and {1} teams are still in it; move them first.",
    ),
    ("not_in_name", "名称不能包含“{0}”。", "A name must not hold '{0}'."),
    ("before", "不能早于 {0}。", "It must not be before {0}."),
    ("no_rows", "文件只有表头，没有数据行。", "The file has a header and no rows."),
    (
        "column_needed",
        "请指定哪一列是“{0}”，没有它就认不出记录。",
        "Say which column is '{0}': without it a row names no record.",
    ),
    ("import_begun", "导入已开始，不能再改对应关系。", "The import has begun; its columns cannot be matched anew."),
    ("import_not_ready", "请等当前一步完成。", "Wait until the step at hand is done."),
    ("import_over", "导入已结束。", "The import is over."),
    ("not_rejected", "第 {0} 行不在被拒绝的行中。", "Line {0} is none of the rejected rows."),
    ("cells_of_header", "每行应有 {0} 个单元格。", "A row has {0} cells."),
    ("media_type", "不支持此类文件，可用：{0}。", "Files of this kind are not taken; these are: {0}."),
    ("empty_file", "文件为空。", "The file is empty."),
    ("too_many_files", "一条记录最多 {0} 个附件。", "A record has at most {0} attachments."),
    ("too_many_pins", "置顶已达 50 条，请先取消一些。", "50 records are pinned already: unpin some first."),
    ("file_gone", "文件已不在磁盘上，请联系管理员。", "The file is not on the disk any more; tell an administrator."),
    (
        "fixed_code",
        "编码已被业务流水和方案引用，不能更改。",
        "Facts and plans name it by this code: it cannot be changed.",
    ),
    ("not_code", "“{0}”不是编码，应为小写字母、数字、- 或 _。", "'{0}' is not a code: small letters, digits, - or _."),
    ("stage_requires", "进入“{0}”阶段前必填。", "A deal needs it before it enters {0}."),
    ("stage_used", "已有 {0} 个商机使用该阶段，类型不能更改。", "{0} deals stand on it: its kind cannot be changed."),
    (
        "stage_has_deals",
        "该阶段还有 {0} 个进行中的商机，请选择要移到的阶段。",
        "{0} open deals stand on it; say which stage they move to.",
    ),
    (
        "too_many_to_move",
        "该阶段有 {0} 个进行中的商机，一次最多移动 {1} 个，请先在看板或列表中移走一部分。",
        "{0} open deals stand on it, at most {1} move at once; move some of them on the board or in the list first.",
    ),
    (
        "stage_lacks",
        "有 {0} 个商机缺少“{1}”阶段的必填内容，请先补全，或改选其他阶段。",
        "{0} of the deals lack what {1} requires; fill it in first, or choose another stage.",
    ),
    (
        "last_stage",
        "管道至少保留一个进行中阶段、一个赢单阶段和一个输单阶段。",
        "A pipeline keeps at least one open, one won and one lost stage.",
    ),
    ("pipeline_has_deals", "该管道还有 {0} 个进行中的商机。", "{0} open deals are in it."),
    ("last_pipeline", "至少保留一条商机管道。", "One pipeline must remain."),
];

/// The text of a code in a language with its arguments put in; the code itself where there is none.
#[must_use]
pub fn text(code: &str, locale: Locale, args: &[String]) -> String {
    let Some((_, zh, en)) = MESSAGES.iter().find(|(known, _, _)| *known == code) else {
        return code.to_owned();
    };
    let mut text = locale.pick(zh, en).to_owned();
    for (index, arg) in args.iter().enumerate() {
        text = text.replace(&format!("{{{index}}}"), &shortened(arg));
    }
    text
}

/// A value quoted in a message: long ones are cut, so that an error cannot carry a file back.
fn shortened(value: &str) -> String {
    const MOST: usize = 80;
    if value.chars().count() <= MOST {
        return value.to_owned();
    }
    let head: String = value.chars().take(MOST).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_once_and_in_both_languages() {
        for (index, (code, zh, en)) in MESSAGES.iter().enumerate() {
            assert!(!zh.is_empty() && !en.is_empty(), "{code}");
            assert!(MESSAGES.iter().skip(index + 1).all(|(other, _, _)| other != code), "{code} stands twice");
            for n in 0..4 {
                let place = format!("{{{n}}}");
                assert_eq!(zh.contains(&place), en.contains(&place), "{code} {place}");
            }
        }
    }

    #[test]
    fn arguments_are_put_in_and_cut() {
        let long = "x".repeat(500);
        let said = text("not_money", Locale::En, &[long]);
        assert!(said.len() < 200 && said.contains("1234.50"), "{said}");
    }
}
