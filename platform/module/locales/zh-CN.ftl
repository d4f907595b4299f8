### 各模块共用的文字：角色、页框、出错提示、公共校验。

### Roles
role-secretariat = 联盟秘书处
role-park-operator = 园区运营方
role-district-officer = 区级部门工作人员
role-enterprise-admin = 企业管理员
role-enterprise-handler = 企业经办人
role-judge = 评委
role-supervisor = 监督人员
role-talent = 个人用户
role-partner = 伙伴联盟
role-system-admin = 系统管理员
role-security-admin = 安全管理员
role-audit-admin = 审计管理员

### Frame
module-hat = { $organization } · { $role }
module-no-hat = 尚无身份
module-more = 更多
module-not-here-sign-in = 如果您有权查看，登录后会回到这里。
module-not-here-hat = 您当前的身份是“{ $hat }”。换一个身份或许可以打开：
module-request = 请求编号 { $number }，需要帮助时请告知工作人员。

### Problems: title and what to do
problem-core-not-found = 这里没有可显示的内容
problem-core-not-found-detail = 地址可能有误，或者需要换一个身份。
problem-core-sign-in = 请先登录
problem-core-sign-in-detail = 登录后会回到这里。
problem-core-invalid = 填写有误
problem-core-invalid-detail = 请按下面的提示修改后再提交。
problem-core-stale = 内容已被他人修改
problem-core-stale-detail = 请刷新页面，看过最新内容后再改。
problem-core-unavailable = 系统暂时不可用
problem-core-unavailable-detail = 数据库暂时没有应答，刚才的提交可能没有保存。请过几秒再试一次，重复提交不会办两遍。
problem-core-internal = 系统出了问题
problem-core-internal-detail = 您填写的内容没有保存成功。请稍后再试；若仍不行，请把请求编号告诉工作人员。
problem-core-origin = 请求来源不明
problem-core-origin-detail = 请从本站页面提交。
problem-core-method = 不支持这种操作
problem-core-method-detail = 请从页面上的按钮进入。
problem-core-timeout = 处理超时
problem-core-timeout-detail = 请稍后再试。
problem-core-media-type = 不支持的内容类型
problem-core-media-type-detail = 接口请使用 application/json。
problem-core-bad-request = 请求无法读取
problem-core-bad-request-detail = 请检查地址和内容后再试。
problem-conflict = 当前状态不能这样做
problem-core-too-large = 内容太大
problem-too-large-detail = 最大 { $mb } MB，请压缩或拆分后再传。
problem-core-too-many = 尝试次数过多
problem-too-many-detail = 请 { $minutes } 分钟后再试。

### Faults: platform
fault-core-required = 请填写此项
fault-core-already-done = 这件事已经办过了，没有重复办理。请刷新查看结果。
fault-core-cursor = 翻页参数无效，请从第一页开始
fault-core-form = 表单无法读取，请刷新页面后再填
fault-core-json = JSON 无法读取：{ $reason }
fault-core-query = 查询参数无法读取：{ $reason }
fault-core-form-token = 页面已过期，请刷新后再提交
fault-core-idempotency-key = Idempotency-Key 须为 1 至 128 个可见字符
fault-core-period = 结束日期不能早于开始日期
fault-core-role = 没有这个角色
fault-core-sheet-full = 超过 Excel 单表行数上限，请缩小范围或导出 CSV
fault-core-too-long = 最多 { $most } 个字
fault-core-choice = 请从列表中选择
fault-core-integer = 请填写整数
fault-core-text = 含有不能使用的字符
fault-core-email = 电子邮箱格式不对
fault-core-website = 网址应以 http:// 或 https:// 开头
fault-core-version = 请先取得最新内容（If-Match）
fault-access-sign-in = 账号或密码不对
fault-access-code = 验证码不对或已过期；号码没有登记过账号时也会这样提示
fault-access-mobile-taken = 这个手机号已用于另一个账号
fault-access-account-name = 账号须为 2 至 64 个字，可用字母、数字、汉字和 . _ - @
fault-access-account-taken = 这个账号名已有人使用
fault-access-password-short = 密码至少 { $least } 位
fault-access-password-long = 密码最多 { $most } 位
fault-access-password-weak = 密码不能包含账号名
fault-access-password-common = 这个密码太容易被猜到：由常用词、名称、年份、相邻按键或重复的字符组成。换一句只有自己想得到的话
fault-access-password-old = 原密码不对
fault-access-password-again = 两次输入的密码不一致
fault-access-role-revoked = 这个角色已经收回
fault-files-name = 文件名无法使用，请改名后再传
fault-files-missing = 请选择文件
fault-record-half-forgotten = 记录不完整

### Faults: identifiers, money, dates
fault-uscc-length = 统一社会信用代码应为 18 位，现在是 { $found } 位
fault-uscc-character = 统一社会信用代码第 { $position } 位“{ $found }”不能使用（不含 I、O、S、V、Z）
fault-uscc-check = 统一社会信用代码校验不通过：末位应为 { $expected }，现在是 { $found }，请核对
fault-uscc-part = 统一社会信用代码的组成部分（{ $part }）有误
fault-uscc-unknown-department = 登记管理部门代码“{ $department }”不在目录中
fault-uscc-unknown-kind = 机构类别代码“{ $department }{ $kind }”不在目录中
fault-uscc-unknown-region = 行政区划代码 { $region } 不在现行目录中
fault-uscc-inner-check = 其中组织机构代码的校验位应为 { $expected }，现在是 { $found }
fault-resident-id-length = 身份证号应为 18 位，现在是 { $found } 位
fault-resident-id-old-form = 请填写 18 位身份证号，15 位旧号码已停用
fault-resident-id-character = 身份证号第 { $position } 位不能使用
fault-resident-id-birth-date = 身份证号中的出生日期不存在
fault-resident-id-future-birth-date = 身份证号中的出生日期晚于今天
fault-resident-id-check = 身份证号校验不通过，请核对
fault-resident-id-part = 身份证号的组成部分（{ $part }）有误
fault-mobile-length = 手机号应为 11 位，现在是 { $found } 位
fault-mobile-character = 手机号第 { $position } 位不是数字
fault-mobile-prefix = 这不是中国大陆的手机号段
fault-money-empty = 请填写金额
fault-money-malformed = 金额“{ $text }”看不懂，请填写如 1234.56 或 12.5万元
fault-money-currency = “{ $text }”不是人民币金额
fault-money-fraction-of-fen = 金额“{ $text }”不足一分，请保留两位小数
fault-money-overflow = 金额太大
fault-money-zero-divisor = 不能除以零
fault-ratio-empty = 请填写比例
fault-ratio-malformed = 比例“{ $text }”看不懂，请填写如 3.5%
fault-ratio-overflow = 比例超出范围
fault-ratio-zero-denominator = 分母不能为零
fault-date-empty = 请填写日期
fault-date-malformed = 日期“{ $text }”看不懂，请填写如 2021-05-20 或 2021年5月20日
fault-date-incomplete = 日期“{ $text }”不完整，请写到日
fault-date-no-such-day = 没有 { $year }年{ $month }月{ $day }日这一天
fault-date-year-out-of-range = 年份 { $year } 超出范围
fault-date-excel-serial = Excel 日期数值 { $serial } 超出范围
fault-period-reversed = 结束日期 { $until } 早于开始日期 { $from }
fault-working-days-before-data = { $first_year } 年以前没有工作日历
fault-working-days-out-of-range = 日期超出工作日历范围
fault-working-days-reversed = 结束日期早于开始日期
fault-working-days-data = 工作日历数据第 { $line } 行有误：{ $reason }
fault-enterprise-size-missing = 缺少指标：{ $indicators }
fault-enterprise-size-not-applicable = 行业 { $code } 不适用划型标准
fault-enterprise-size-too-broad = 行业代码 { $code } 太粗，请选到小类
fault-enterprise-size-unknown-industry = 没有行业代码 { $code }

### What was done: platform
record-access-account-created = 开通账号
record-access-mobile-bound = 绑定手机号
record-access-mobile-lost = 手机号已由新持有人绑定到其他账号
record-access-mobile-set = 登记手机号
record-access-account-disabled = 停用账号
record-access-account-enabled = 恢复账号
record-access-account-invited = 发出邀请
record-access-invitation-accepted = 接受邀请并设置密码
record-access-password-changed = 修改密码
record-access-role-granted = 授予角色
record-access-role-revoked = 收回角色
record-access-session-opened = 登录
record-access-session-closed = 退出登录
record-access-sign-in-failed = 登录失败
record-access-password-refused = 登录后输错密码
record-module-settings-changed = 修改平台信息

### Mail and terminal
module-mail =
    { $text }
    
    请登录查看：{ $address }
module-cli-not-found = 找不到所指的对象
module-cli-import-id = 正在写入，导入编号 { $id }
module-cli-import-later = 导入尚未写完；平台服务启动后会自动续办。原因：
module-cli-demo = 演示已就绪，请用浏览器打开：
module-cli-stop = 首页可一键进入各角色；按 Ctrl+C 结束。
module-cli-demo-bodies = 正在建立联盟与各单位档案…
module-cli-demo-members = 正在录入 204 家会员单位…
module-cli-demo-people = 正在录入人员与账号…
module-cli-demo-history = 正在填报三年数据，并由区里核验…
module-cli-demo-desk = 正在准备待办、消息与材料…
module-cli-demo-half = 这里的演示数据没有填完，请删除该文件夹后重新运行 jinmen demo。

### Cases and notices
fault-cases-comment-empty = 请填写内容
fault-cases-comment-long = 最多 { $most } 个字
fault-cases-tag-empty = 请填写标签
fault-cases-tag-long = 标签最多 { $most } 个字
fault-cases-tags-many = 最多 { $most } 个标签
fault-cases-draft-fields = 草稿内容过多，最多 { $most } 项
fault-notify-mail-unprotected = 邮件服务器不在本机时必须加密
fault-notify-mail-from = 发件人地址无效
record-cases-comment-added = 留言
record-cases-comment-removed = 删除留言
record-cases-tag-added = 加标签
record-cases-tag-removed = 移除标签
record-cases-file-attached = 上传材料
record-cases-file-detached = 移除材料

### Demonstration: what waits and what is new
task-demo-member-check = 核对会员补报的资料：{ $organization }
task-demo-address-check = 核对经营地址变更：{ $organization }
task-demo-thin-files = 提醒 { $count } 家资料不足一半的单位补充
task-demo-expert-letters = 核对 { $count } 份专家聘书的有效期
task-demo-complete-file = 补齐本单位档案还缺的资料
task-demo-confirm-figures = 确认 { $year } 年数据的核验结果
task-demo-verify-figures = 核验 { $organization } { $year } 年的研发费用
task-demo-complete-profile = 完善个人档案，便于推荐合适的机会
notice-demo-claimed = 会员认领档案
notice-demo-claimed-text = { $organization } 已认领本单位档案
notice-demo-changed = 档案有更新
notice-demo-changed-text = { $organization } 更新了档案
notice-demo-verified = 数据已核验
notice-demo-verified-text = 贵单位 { $year } 年的营业收入与纳税额已由区里核验
notice-demo-asked = 联盟征集
notice-demo-asked-text = 联盟正在征集技术需求，请核对档案中的“主要需求”

### Acting for others
fault-access-role-to-oneself = 不能给自己授予角色
fault-access-roles-separated = 系统、安全、审计三个管理员须由不同的人担任
fault-access-deputy-of-deputy = 代办人不能再委托他人；三员不设代办
fault-access-deputy-oneself = 请填写另一位同事
fault-access-deputy-days = 代办最长 { $days } 天，且不能超过本人授权期限
fault-access-deputy-there = 这位同事已在代办
fault-cases-own-work = 自己提交的事项须由他人办理
fault-cases-second-person = 须由另一人复核
record-access-deputy-appointed = 委托同事代办
record-access-link-made = 生成短信链接
record-cases-decision-signed = 签署结论
record-cases-decision-seen = 监督已阅一人办理事项
record-module-decisions-changed = 修改双人复核设置
task-cases-second = 复核“{ $name }”
task-cases-alone = 查阅一人办理事项：{ $name }

## Parts of pages
module-by-system = 系统
module-aside = 概况与操作
fault-notify-robot-address = 地址应以“{ $start }”开头，请从群设置里完整复制
fault-notify-robot-no-secret = 企业微信群机器人没有签名密钥，请留空
fault-notify-robot-secret = 签名密钥不正确，请重新复制
problem-core-token = 令牌无效
problem-core-token-detail = 令牌不存在、已过期、已撤销，或其身份已到期；请在“我的账号”中另建。
problem-core-token-scope = 令牌权限不足
problem-core-token-scope-detail = 这里需要权限 { $scope }；请另建带此权限的令牌。
fault-access-token-many = 令牌太多，最多 { $most } 个；请先撤销不用的。
fault-access-not-fresh = 登录已超过 15 分钟，请退出后重新登录再操作。
record-access-token-made = 建立程序访问令牌
record-access-token-revoked = 撤销程序访问令牌
module-second-rests = 您的管理身份已暂停：请在“我的账号”中开启两步验证后恢复。
fault-access-second-code = 数字不对，或已用过；请输入应用现在显示的数字。
fault-access-second-gone = 验证已过时，请重新登录。
fault-access-second-set = 两步验证已经开启。
record-access-second-factor-set = 开启两步验证
record-access-second-factor-removed = 关闭两步验证
record-access-second-factor-reset = 重置两步验证
record-access-second-factor-codes-renewed = 换一组恢复码
record-access-recovery-code-used = 用恢复码登录
record-access-second-factor-codes-ended = 恢复码因更换主密钥作废
record-access-second-factor-failed = 两步验证输错验证码
record-module-master-key-changed = 更换主密钥
record-module-security-changed = 修改登录安全设置

# Steps of cases
task-flow-step = { $step }：{ $name }
flow-outcome-done = 已办理
flow-outcome-agreed = 同意
flow-outcome-disagreed = 不同意
flow-outcome-adopted = 表决通过
flow-outcome-lost = 表决未通过
flow-outcome-no-quorum = 到会人数不足
flow-outcome-ended = 期满
flow-outcome-returned = 退回
flow-outcome-rejected = 不予通过
fault-flow-running = 这件事已在办理中
fault-flow-not-open = 这一步已经办完或还未轮到，请刷新页面
fault-flow-not-yours = 这一步由别的角色办理
fault-flow-second-person = 须由另一人办理，不能是前一步的经办人
fault-flow-not-so = 这一步不能这样办理
fault-flow-notice-runs = 期限未满，期满后自动结束
fault-flow-opinion = 请写明意见
fault-flow-return-to = 不能退回到这一步
fault-flow-too-short = 最早到 { $least } 为止
fault-flow-no-calendar = 日期超出工作日历的范围
fault-flow-vote-nobody = 请填写应到人数
fault-flow-vote-present = 到会人数不能多于应到人数
fault-flow-vote-sum = 赞成、反对、弃权之和须等于到会人数
fault-flow-stages = 流程须有 1 至 { $most } 个阶段
fault-flow-stage-name = 阶段“{ $name }”没有名称或重名
fault-flow-steps = 阶段“{ $name }”没有步骤或步骤过多
fault-flow-step-name = 步骤“{ $name }”没有名称或重名
fault-flow-enough = 阶段“{ $name }”要求的通过数与步骤数不符
fault-flow-return-later = “{ $name }”只能退回到前面的阶段
fault-flow-second-later = 步骤“{ $name }”的双人要求须指向前面的步骤
fault-flow-bounds = 步骤“{ $name }”的天数或比例不对
record-flow-started = 开始办理
record-flow-notice-begun = 开始公示或征求意见
record-flow-step-done = 办理一步
record-flow-returned = 退回
record-flow-ended = 办理结束
