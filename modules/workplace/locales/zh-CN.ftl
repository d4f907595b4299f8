### 工作台、门户首页、搜索、账号与系统管理的文字。

### 菜单
work-nav-home = 工作台
work-nav-accounts = 账号
work-nav-queue = 后台任务
work-nav-settings = 平台设置
work-nav-record = 操作记录
work-nav-portal = 首页
work-nav-search = 搜索
work-nav-help = 帮助
work-more = 全部功能
work-list-comma = 、

### 首页
work-home-title = { $name }，您好
work-home-nothing = 现在没有待办
work-home-waiting = { $n } 件待办
work-home-many = { $n } 件以上待办
work-home-all = 查看全部待办
work-home-steps = 接下来可以做
work-home-numbers = 数字一览
work-weekday-1 = 星期一
work-weekday-2 = 星期二
work-weekday-3 = 星期三
work-weekday-4 = 星期四
work-weekday-5 = 星期五
work-weekday-6 = 星期六
work-weekday-7 = 星期日
work-today = { $date } { $weekday }
work-today-working = 工作日
work-today-off = 休息日
work-today-full = 今天是 { $today }，{ $kind }
work-today-special = { $text }（{ $name }）
work-today-provisional = { $text }。{ $year } 年放假安排尚未公布，暂按周末推算

### 待办
work-tasks = 待办
work-tasks-lead = 按到期日排列。换一个身份，看到的是那个身份的待办。
work-task = 事项
work-task-due = 办理期限
work-task-since = 已等待
work-tasks-empty = 没有待办
work-tasks-empty-text = 需要您办理的事项会出现在这里，同时给您发消息。
work-due-none = 不限期
work-due-late = 已逾期 { $days } 天
work-due-today = 今天到期
work-due-tomorrow = 明天到期
work-due-in = { $days } 天后到期
work-due-on = { $date } 到期
work-to-inbox = 看看消息
work-to-portal = 回到首页
work-to-help = 查看帮助

### 接下来
work-step-account = 开通账号
work-step-account-why = 填姓名和身份，把邀请链接发给本人，由本人设置密码。
work-step-settings = 核对平台设置
work-step-settings-why = 主办单位、服务电话和备案号显示在每个页面的底部。
work-step-settings-missing = 运营单位或服务电话还没有填写，公众找不到人。
work-step-record = 查看操作记录
work-step-record-why = 谁在什么时候做了什么，可筛选、可导出。
work-step-inbox = 阅读消息
work-step-inbox-why = 您有未读消息。
work-step-search = 搜索单位和人员
work-step-search-why = 输入名称、拼音或编号，直接打开档案。
work-step-own = 检查我的账号
work-step-own-why = 核对身份和登录设备，设置语言与字号。
work-step-help = 阅读使用帮助
work-step-help-why = 两分钟了解一企一档、草稿和纸质办理。

### 消息
work-notice = 通知
work-inbox-unread = 未读
work-inbox-all = 全部
work-inbox-new = 新
work-inbox-none = 还没有消息
work-inbox-none-unread = 没有未读消息
work-inbox-none-text = 审核结果、到期提醒和导入结果会发到这里。
work-inbox-read = 标为已读
work-inbox-read-all = 全部标为已读
work-inbox-preferences = 消息设置
work-preferences-lead = 选择每类消息发到哪里。两处都不选，就不再接收这类消息。
work-preferences-none = 目前没有可设置的消息类别
work-preferences-none-text = 开通更多功能后，这里会列出它们发送的消息。
work-mail-address = 邮件发往 { $address }。
work-mail-none = 您的账号没有登记邮箱，邮件无法送达；请联系管理员登记。

### 登录、邀请
work-account-name = 账号
work-password = 密码
work-sign-in-help = 没有账号或忘记密码，请联系平台工作人员重新发送邀请链接。
work-sign-in-code = 手机验证码登录
work-sign-in-password = 账号密码登录
work-mobile = 手机号
work-code-ask = 获取验证码
work-code = 验证码
work-code-title = 输入验证码
work-code-help = 六位数字，{ $minutes } 分钟内有效，只在本页有效；工作人员不会向您索要。
work-code-sent = 验证码已发往 { $mobile }。
work-code-shown = 演示平台不发短信，验证码是 { $code }
work-code-nothing = 没有收到？一分钟后可以再取一次。
work-code-again = 重新发送短信
work-code-voice = 改用语音电话
work-code-trouble = 号码已停用或换号，请用账号密码登录，或联系平台工作人员。
work-code-message = 验证码 { $code }，{ $minutes } 分钟内有效。用于登录津门平台或绑定手机号，请勿告诉他人。
work-mobile-bind = 手机号登录
work-mobile-help = 绑定后可用短信验证码登录。换号后在这里绑定新号码，原号码随即失效。
work-mobile-new = 要绑定的手机号
work-mobile-account-help = 选填；填了即可用短信验证码登录。
work-mobile-password = 先核对密码，防止他人趁您离开时换绑。
work-mobile-confirm = 绑定
work-flash-mobile = 手机号已绑定
work-password-old = 原密码
work-password-new = 新密码
work-password-again = 再输入一次新密码
work-password-rule = 至少 { $least } 个字符，最好是一句只有自己想得到的话；不能包含账号名，也不能由常用词、名称、年份拼成。
work-password-change = 修改密码
work-password-help = 修改后其他设备将退出登录，程序访问令牌失效；本设备保持登录。
work-invitation = 设置密码
work-invitation-for = 这份邀请发给{ $name }，账号为 { $account }。
work-invitation-text = 如果不是您本人，请关闭本页。设置密码后即登录，链接随之失效。
work-invitation-until = 链接有效期至 { $date }。
work-invitation-accept = 设置密码并登录
work-invitation-gone = 邀请链接已失效
work-invitation-gone-text = 链接可能已使用、已过期或已被新的邀请代替。已设置密码的请直接登录；其他情况请联系平台工作人员重新发送。
work-invitation-link = 邀请链接（只显示这一次）
work-invitation-link-text = 请通过可靠渠道发给本人，两周内有效，使用一次后失效。
work-invitation-new = 重新生成邀请链接
work-invitation-new-help = 新链接生成后，旧链接立即失效；本人打开链接后可重设密码。停用后立即退出所有设备。

### 我的账号
work-display-name = 姓名
work-email = 邮箱
work-account-since = 开通日期
work-language = 语言
work-language-zh = 中文
work-language-en = English
work-size = 字号
work-size-large = 大字版
work-size-normal = 标准
work-account-wrong = 姓名、邮箱或身份有误，请联系平台工作人员。
work-account-roles-none = 还没有身份，请联系平台工作人员。
work-roles = 身份
work-roles-none = 还没有身份，登录后看不到业务页面。
work-role = 身份
work-role-of = { $role }（须选单位）
work-organization = 单位
work-role-period = 有效期
work-state = 状态
work-period-open = 长期
work-period-from = { $from }起
work-period-until = 至{ $until }
work-period = { $from }至{ $until }
work-role-revoked = 已收回
work-role-in-force = 有效
work-role-later = 未开始
work-role-ended = 已到期
work-devices = 登录的设备
work-devices-help = 不认识的设备请立即退出，并修改密码。
work-device-this = 本设备
work-device-unknown = 未知设备
work-device-seen = 最近使用：{ $ago }
work-device-since = 登录于 { $when }
work-device-revoke = 退出该设备
work-own-data = 我的数据
work-own-data-text = 您可以查看、更正、导出和删除自己的个人信息，也可以撤回已给出的授权。
work-own-data-rights = 怎样行使这些权利

### 后台任务
work-queue = 后台任务
work-queue-lead = 导入、发邮件等耗时的工作在后台排队办理；失败会自动重试，多次失败后停下等人处理。
work-queue-all = 全部
work-queue-none = 这里没有任务
work-queue-none-text = 有耗时的工作时，会在这里排队。
work-queue-retry = 再试一次
work-queue-why = 最近一次失败的原因
work-job-notify-mail = 发送邮件
work-job-state-waiting = 排队中
work-job-state-running = 进行中
work-job-state-done = 已完成
work-job-state-dead = 未成功
work-job-state-cancelled = 已停止
work-job-is-waiting = 正在排队，马上开始
work-job-is-running = 正在处理
work-job-is-done = 已完成
work-job-is-dead = 多次尝试仍未成功，已停下
work-job-is-cancelled = 已按要求停止
work-job-again = 上次没有成功，稍后自动重试
work-job-steps = { $text }（{ $done } / { $all }）
work-job-result = 查看结果
work-job-asked = 提交于 { $when }
work-job-ended = 结束于 { $when }
work-job-attempts = 已试 { $n } 次
work-job-failed-help = 您提交的内容没有丢失。可稍后重新提交；仍不成功请联系平台工作人员：
work-job-leave = 可以离开本页，处理不会中断；随时可以回来查看。

### 账号管理
work-accounts = 账号
work-account = 姓名与账号
work-accounts-search = 姓名或账号
work-accounts-new = 开通账号
work-accounts-new-lead = 开通后会得到一个邀请链接，请发给本人设置密码。管理员不设置也看不到任何人的密码。
work-accounts-open = 开通账号
work-accounts-none = 没有符合条件的账号
work-accounts-none-text = 换个写法再试，或开通新账号。
work-account-name-help = 用于登录：2 至 64 个字母、数字、汉字或 . _ - @
work-email-help = 用于接收邮件通知，可不填。
work-display-name-help = 显示在页面、待办和记录中。
work-role-help = 标有“须选单位”的，还要填写单位。
work-role-from-help = 不填为即日起。
work-data-role = 身份
work-data-organization = 单位
work-data-person = 人员
work-data-account = 账号
work-data-device = 设备
work-data-address = 网络地址
work-data-name = 名称
work-data-from = 开始
work-data-until = 结束
work-data-format = 格式
work-data-kind = 类别
work-data-separator = ；
work-account-active = 正常
work-account-invited = 待设置密码
work-account-stopped = 已停用
work-account-stop = 停用账号
work-account-let-in = 恢复使用
work-new-person = 本人
work-new-person-help = 会同时建立一份人员档案，只有姓名。
work-new-role = 第一个身份
work-new-role-help = 身份决定能看到什么、能办什么，以后可以增减。
work-organization-help = 填单位名称、统一社会信用代码或标识。须选单位的身份必填。
work-role-from = 开始日期
work-role-until = 结束日期
work-role-until-help = 不填为长期，到期自动失效。
work-role-give = 给予身份
work-role-revoke = 收回

### 平台设置
work-settings = 平台设置
work-settings-lead = 这些内容显示在每个页面的底部、隐私说明和帮助中。每次修改都记入操作记录。
work-save = 保存
work-settings-names = 平台名称
work-settings-names-help = 不填则显示“津门”。
work-settings-name-zh = 名称（中文）
work-settings-name-en = 名称（英文）
work-settings-bodies = 主办与运营
work-settings-bodies-help = 公众据此知道平台由谁负责。
work-settings-sponsor-zh = 主办单位（中文）
work-settings-sponsor-en = 主办单位（英文）
work-settings-operator-zh = 运营单位（中文）
work-settings-operator-en = 运营单位（英文）
work-settings-reach = 联系方式
work-settings-reach-help = 每个公开页面都会显示电话，请填有人接听的号码。
work-settings-telephone = 服务电话
work-settings-telephone-help = 如 022-12345678。
work-settings-address-zh = 地址（中文）
work-settings-address-en = 地址（英文）
work-settings-filings = 备案
work-settings-filings-help = 按备案机关核发的全文填写。
work-settings-icp = ICP 备案号
work-settings-police = 公安备案号

### 操作记录
work-record = 操作记录
work-record-lead = 谁在什么时候对什么做了什么。记录只增不改，导出也会留下记录。
work-record-what = 操作
work-record-who = 操作人
work-record-object = 对象与内容
work-record-when = 时间
work-record-since = 自
work-record-until = 至
work-record-account = 账号
work-record-action = 操作代码开头
work-record-system = 系统（{ $part }）
work-record-nobody = 未登录访客
work-record-forgotten = { $text }（内容已按规定删除）
work-record-none = 没有符合条件的记录
work-record-none-text = 放宽日期或去掉部分条件再看。
work-chip = { $name }：{ $value }
work-export-mark = 由{ $name }于 { $when } 导出
work-column-at = 时间
work-column-action = 操作代码
work-column-text = 操作
work-column-actor = 操作人
work-column-account = 账号标识
work-column-role = 身份
work-column-object-kind = 对象类别
work-column-object-id = 对象标识
work-column-data = 内容
work-object-account = 账号
work-object-person = 人员
work-object-organization = 单位
work-object-instance = 平台
work-object-job = 后台任务
record-work-job-retried = 后台任务重新开始
record-work-record-exported = 导出操作记录（{ $format }）

### 操作结果
work-flash-hat = 身份已切换。
work-flash-welcome = 密码已设置，欢迎使用。
work-flash-read = 已全部标为已读。
work-flash-saved = 已保存。
work-flash-password = 密码已修改，其他设备已退出登录。
work-flash-device = 该设备已退出登录。
work-flash-cancel = 已要求停止，正在进行的一步完成后生效。
work-flash-account = 账号已开通。
work-flash-role = 身份已给予。
work-flash-role-revoked = 身份已收回。
work-flash-stopped = 账号已停用，所有设备已退出登录。
work-flash-let-in = 账号已恢复使用。
work-flash-invited = 新的邀请链接已生成。
work-flash-settings = 平台设置已保存。
work-flash-retry = 任务已重新排队。

### 校验
fault-work-organization-needed = 这个身份须选单位
fault-work-organization-unwanted = 这个身份不属于任何单位，请清空单位
fault-work-organization-unknown = 没有找到这个单位，请核对名称或统一社会信用代码
fault-work-organization-several = 有多个单位符合：{ $names }。请填全称或统一社会信用代码
fault-work-role-held = 已有同样的身份
fault-work-own-account = 不能停用自己的账号
fault-work-own-role = 不能收回自己正在使用的身份
fault-work-account-stopped = 账号已停用，请先恢复使用
fault-work-telephone = 电话只能包含数字、空格和 + - ( )
fault-work-draft-object = 草稿应为一个 JSON 对象

### 门户首页
work-portal-lead = 联盟、园区、政策、大赛、人才、培训、会议，一个平台办理。一企一档，一次填报，处处可用；每个结论都能说明依据。
work-portal-welcome = 在这里可以做什么
work-portal-file = 一企一档
work-portal-file-kicker = 找单位
work-portal-file-text = 按名称、拼音或代码查找联盟成员单位，查看公开的档案。
work-portal-rule = 说得清的规则
work-portal-rule-kicker = 看依据
work-portal-rule-text = 是否符合条件、差在哪里、还缺什么，都逐条说明出处。
work-portal-door = 一个入口办事
work-portal-door-kicker = 去办理
work-portal-door-text = 入会、参赛、申报、入驻、报名，登录后从待办开始。
work-next = 下一步
work-onward-work = 进入工作台
work-onward-work-text = 看看有什么事等着您。
work-onward-sign-in = 登录办事
work-onward-sign-in-text = 成员单位、园区、区级部门和个人从这里登录。
work-onward-search = 查找单位
work-onward-search-text = 联盟有哪些成员，他们做什么。
work-onward-api = 对接接口
work-onward-api-text = 页面上能办的，程序也能办：接口文档与示例。
work-demo-title = 换个身份看看
work-demo-text = 这是演示平台，点一下即可以不同身份进入，不需要密码。
work-demo-public = 社会公众
work-demo-public-text = 不登录能看到什么：首页、搜索、公开档案。
work-demo-secretariat-text = 管理近 200 家成员单位，先看今天的待办。
work-demo-district-officer-text = 看全区单位的档案，找出符合条件的企业。
work-demo-enterprise-admin-text = 维护本企业的一份档案，看还缺哪些内容。
work-demo-talent-text = 一份自己的履历，授权谁看由自己决定。
work-demo-judge-text = 在手机上为路演打分，匿名评阅材料。
work-demo-supervisor-text = 监督抽签，核对计分，确认评审结果。
work-demo-system-admin-text = 开通账号、核对设置、处理后台任务。
work-demo-audit-admin-text = 查看谁做了什么，导出操作记录。

### 搜索
work-search-title = 搜索“{ $typed }”
work-search-found = “{ $typed }”共找到 { $n } 条
work-search-ask = 想找什么？
work-search-ask-text = 可以输入单位名称、简称、拼音、统一社会信用代码或编号。
work-search-none = 没有找到“{ $typed }”
work-search-none-text = 换个写法试试：去掉“有限公司”，用简称或拼音。需要登录才能看到的内容，请先登录。

### 文本页
work-contents = 本页内容
work-operator-unnamed = 平台运营单位
work-telephone-unnamed = 平台公布的服务电话
work-call = 需要人工帮助？请拨打{ $operator }的电话。

work-privacy = 隐私说明
work-privacy-lead = 本说明告诉您，{ $operator }在本平台处理哪些个人信息、为什么处理、保存多久，以及您可以要求什么。
work-privacy-handler = 谁在处理
work-privacy-handler-text =
    个人信息处理者是{ $operator }，联系电话 { $telephone }。对本说明有疑问，或要行使下面的权利，都可以拨打这个电话，由专人受理。
work-privacy-purposes = 为什么处理
work-privacy-purposes-text =
    只为下列目的处理，不用于其他目的：

    - 开通账号、确认登录的人是谁、保护账号安全；
    - 办理您或您的单位提出的申请、申报、报名和入驻；
    - 通知您与自己有关的事项：结果、期限、补正；
    - 依法保存决定和操作的记录，以便核查和监督；
    - 在您另行同意后，向您同意的对象展示您的履历或联系方式。

    处理的依据是履行您参与的事项所必需、履行法定职责所必需，或者您的同意。凭同意处理的，同意可以随时撤回。
work-privacy-kinds = 处理哪些信息
work-privacy-kinds-text =
    - 账号：姓名、账号名、密码的不可还原的校验值、邮箱、语言和字号的选择；
    - 身份：您代表哪个单位、以什么身份、有效期多长；
    - 联系方式和证件号码：仅在办理事项确有需要时收集，加密保存，页面上打码显示，每次查看完整号码都有记录；
    - 您提交的材料和填写的内容，包括尚未提交的草稿；
    - 登录记录：时间、设备类型、网络地址。

    税务、统计等部门掌握的企业数据，只有在企业授权或者法律有明确规定时才会使用。

    平台不处理国家秘密，请勿在任何位置填写或上传涉密内容。
work-privacy-keeping = 保存多久
work-privacy-keeping-text =
    - 账号和身份：使用期间保存；停用后只为核查保留，不再用于其他目的；
    - 申请和决定：按档案管理的规定保存；
    - 草稿：最后一次修改后九十天内没有提交的，自动删除；
    - 登录会话：十二小时不使用即失效，最长三十天；
    - 操作记录：长期保存；个人信息依法删除时，记录中的内容一并删除，只留下曾有过这一操作的凭据。
work-privacy-sharing = 提供给谁
work-privacy-sharing-text =
    受理您申请的单位看到该申请所需的内容；评委只看到评审需要的内容；公开页面只展示依法公开或者您同意公开的内容。

    对外提供名单时只给出“是否符合”，不给出具体数值。平台不出售个人信息，不向境外提供，不加载第三方的统计或广告程序。
work-privacy-security = 怎样保护
work-privacy-security-text =
    全程加密传输；证件号码和电话加密保存；密码只保存不可还原的校验值，任何人都看不到；谁能看什么由身份决定，默认不能看；重要操作都有记录，可以核查。发生泄露时，我们会按规定报告并告知您。
work-privacy-rights = 您的权利，以及怎样行使
work-privacy-rights-text =
    - 查阅和复制：登录后在“我的账号”查看；需要完整副本的，致电 { $telephone }，核实身份后十五个工作日内提供；
    - 更正和补充：在自己的档案中直接修改；已核验的内容由受理单位核对后更正；
    - 删除：目的已经实现、不再需要或者您撤回同意的，可以要求删除；依法必须保存的除外，并会说明理由；
    - 撤回同意：在自己的档案中随时撤回，撤回前已经依法进行的处理不受影响；
    - 解释和申诉：对自动计算得出的结论，可以要求说明依据，并要求由人复核；
    - 投诉：也可以向履行个人信息保护职责的部门投诉。
work-privacy-cookies = Cookie
work-privacy-cookies-text =
    只使用必要的 Cookie：登录状态、语言、字号和一次性的操作提示。没有跟踪用的 Cookie，因此不需要弹窗征求同意。
work-privacy-minors = 未成年人
work-privacy-minors-text =
    不满十四周岁的未成年人使用本平台，须由监护人同意并代为办理。
work-privacy-changes = 本说明的修改
work-privacy-changes-text =
    修改会在本页公布；扩大处理目的或范围的，会通过消息提前通知您，需要同意的重新征得同意。

work-accessibility = 无障碍说明
work-accessibility-lead = 我们希望每个人都能独立办成事：用键盘、用读屏软件、看大字、用旧手机，都可以。
work-accessibility-standard = 依据的标准
work-accessibility-standard-text =
    按照《信息技术 互联网内容无障碍可访问性技术要求与测试方法》（GB/T 37668）和《Web 内容无障碍指南》（WCAG）2.2 版 AA 级设计。
work-accessibility-done = 已经做到的
work-accessibility-done-text =
    - 所有功能都能只用键盘完成，焦点始终看得见；
    - 页面有清楚的标题、区域和标签，读屏软件可以顺序朗读；
    - 文字与背景的对比度不低于 4.5 比 1，状态除颜色外一定有文字；
    - 手机上表格变成卡片，一屏一事，按钮足够大；
    - 出错时说明哪里错、怎么改，已填内容不丢失；
    - 不启用脚本也能登录、查找、填表和提交。
work-accessibility-ways = 可以怎样调整
work-accessibility-ways-text =
    每个页面顶部都有“大字版”和语言切换，选择会被记住；登录后在所有设备上生效。浏览器放大到 400% 时内容不会被截断。
work-accessibility-limits = 还没有做到的
work-accessibility-limits-text =
    由用户上传的扫描件和图片可能没有文字说明；个别关系图和统计图较为复杂，因此都附有同样内容的列表或数据表。
work-accessibility-tell = 遇到障碍请告诉我们
work-accessibility-tell-text =
    请致电{ $operator }：{ $telephone }。五个工作日内答复；在改好之前，工作人员可以代您办理，也可以使用纸质材料。

work-help = 帮助
work-help-lead = 用津门办事只要记住三件事：先看待办，档案只填一次，拿不准就打电话。
work-help-start = 从哪里开始
work-help-start-text =
    登录后首先看到的是“工作台”：等您办的事排在最前，其后是建议的下一步。办完一件少一件，没有待办就可以离开。

    找单位、人员或编号，用页面顶部的搜索框，汉字、拼音都可以。
work-help-account = 账号和密码
work-help-account-text =
    账号由平台工作人员开通，您会收到一个邀请链接，打开后自己设置密码。链接两周内有效，只能用一次。

    - 忘记密码：致电 { $telephone }，核实身份后会重新发送邀请链接；
    - 连续输错：十五分钟后再试，不影响其他人；
    - 换了手机或电脑：直接登录；在“我的账号”里可以让旧设备退出。
work-help-roles = 一个人有几个身份
work-help-roles-text =
    您可能既代表企业，又是评委。页面右上角的“当前身份”说明现在代表谁，点一下就能切换。打开一个链接提示“没有可显示的内容”时，先看看是不是身份不对。
work-help-file = 一企一档
work-help-file-text =
    每个单位只有一份档案。填过的内容，申报、报名时会自动带出，只需补充缺少或过期的项目。每个数值旁边的小圆点说明它从哪里来：自行填报、导入、计算，还是已核验。
work-help-draft = 填了一半怎么办
work-help-draft-text =
    较长的表单边填边保存，表单下方会显示保存时间。离开、断网、换设备后再打开，内容还在。提交前会提示哪些操作不能撤销。
work-help-paper = 纸质办理
work-help-paper-text =
    每一步都可以用纸质材料办理：打印、签字、盖章，交给受理单位扫描录入，由两人核对。不方便上网的，可以授权同事代办，授权会记录在案。
work-help-verify = 怎样核对真伪
work-help-verify-text =
    平台出具的证书、结果和协议带有防篡改编号。任何人都可以核对，不需要登录，也不必相信出具单位的说法。
work-help-api = 用程序对接
work-help-api-text =
    页面上能办的事，程序也能办。接口文档在“对接接口”页，每个操作都有可以复制的示例。
work-help-people = 找人帮忙
work-help-people-text =
    { $operator }服务电话：{ $telephone }。来电时请说明页面标题；如果页面上有“请求编号”，一并告知可以更快查到原因。

### 接口文档
work-docs-api = 接口文档
work-docs-problems = 出错代码
work-docs-lead = 页面上能办的事，程序都能办：同样的规则、同样的权限、同样的记录。
work-docs-start = 先看这里
work-docs-session = 用账号和密码登录一次，之后的请求带上得到的 Cookie；权限与页面上的当前身份相同。
work-docs-once = 只应发生一次的请求带上 Idempotency-Key；重发时得到第一次的答复，不会重复办理。
work-docs-lists = 列表用 after 和 limit 翻页：把上一页的 next 作为 after 发来。
work-docs-refusals = 出错时得到 RFC 9457 格式的说明，代码固定，文字随语言变化。
work-docs-count = 共 { $n } 个操作
work-docs-parameters = 参数
work-docs-body = 请求内容
work-docs-answers = 答复
work-docs-example = { $status } 的示例
work-docs-try = 试一试
work-api-tag-session = 登录与身份
work-api-tag-work = 工作台
work-api-tag-codes = 代码表
work-api-sign-in = 登录
work-api-ask-code = 向手机号发送验证码
work-api-enter-by-code = 用验证码登录
work-api-sign-out = 退出登录
work-api-me = 我是谁、有哪些身份
work-api-change-hat = 切换身份
work-api-tasks = 我的待办
work-api-inbox = 我的消息
work-api-read-notice = 把消息标为已读
work-api-code-lists = 有哪些代码表
work-api-code-list = 查代码
work-api-record = 操作记录
work-api-job = 后台任务的进度
work-problems-lead = 接口出错时的 type 指向本页。代码不会改变，程序可以据此判断；title 和 detail 供人阅读。
work-problems-faults = 内容有误（422）时，faults 逐项列出字段、代码和说明；状态不允许（409）时，代码说明具体原因，如 access.role_revoked。
work-problem-access-sign-in = 账号不存在、密码不对和账号停用得到同样的答复。
work-problem-too-large = detail 中写明上限；请压缩或分几次发送。
work-problem-invalid = faults 列出每一处错误，一次改完再发。
work-problem-too-many = 请按 Retry-After 给出的秒数等待后再试。

### Links in messages
work-link = 短信链接
work-link-for = 这条链接只供手机号 { $mobile } 使用。继续办理将向该号码发送验证码，转发给他人无效。
work-link-until = 有效期至 { $when }，只能使用一次。
work-link-code = 向该号码发送验证码
work-link-gone = 链接已失效
work-link-gone-text = 链接已经用过或已过期。请登录平台办理，或联系发送单位重新发送。

### Deputies
work-deputies = 委托代办
work-deputies-lead = 外出或请假时，可请同事以“{ $hat }”的身份代办，办理记录会注明代谁办理。
work-deputies-no-hat = 当前没有可委托的身份。
work-deputies-not-yours = 当前身份不能委托他人代办。
work-deputies-none = 没有委托
work-deputies-none-text = 委托只在所填日期内有效，随时可以收回。
work-deputy = 代办人
work-deputy-action = 操作
work-deputy-end = 收回
work-deputy-new = 委托同事
work-deputy-help = 最长 92 天；代办人须在本单位有自己的身份。
work-deputy-appoint = 委托
work-deputy-reason = 委托事由
work-colleague = 同事的账号或手机号
work-colleague-help = 须是本单位已有账号的同事。
work-flash-deputy = 已委托。
work-flash-deputy-ended = 委托已收回。
fault-work-colleague-unknown = 本单位没有这个账号或手机号的同事
fault-work-role-of-security = 系统、安全、审计管理员由安全管理员指定

### Decisions of two people
work-decisions = 双人复核
work-decisions-lead = 勾选的事项须两人先后签署才生效。单位只有一人时可一人办理，结论会标明并报监督人员查阅。
work-decisions-two = 须两人办理
work-record-number = 编号
work-record-unplaced = 生成中
work-column-number = 编号
record-record-key-rotated = 更换签名密钥
fault-record-not-open = 记录尚未开始签名：先用 jinmen serve 启动一次
fault-record-beyond = 记录只有 { $size } 条，请填不大于它的数
fault-record-key-unused = 记录不使用 { $algorithm } 签名
fault-record-key-sealed = 主密钥不符：签名密钥打不开

## Tokens for programs
work-tokens = 程序访问令牌
work-tokens-lead = 令牌让程序以您的一个身份调用接口，不需要您的密码。
work-tokens-text = 令牌只用于接口，不能登录网页、修改密码或另建令牌。修改密码、账号停用或身份到期后，令牌即失效。
work-tokens-none = 还没有令牌
work-tokens-none-text = 需要程序读取或填报数据时再建。
work-token = 令牌
work-token-name = 用途
work-token-name-help = 例如“财务系统每日读取”，以便日后辨认。
work-token-hat = 以哪个身份
work-token-hat-gone = 身份已到期，令牌失效
work-token-life = 有效期
work-token-days = { $days } 天
work-token-scopes = 权限
work-token-scopes-help = 只选程序需要的；令牌的权限不会超过所选身份。
work-token-every = 读取该身份可见的全部内容
work-token-read = { $area }：读取
work-token-write = { $area }：读取和修改
work-token-and = 、
work-token-until = 有效期至
work-token-used = 最近使用
work-token-unused = 未使用
work-token-action = 操作
work-token-revoke = 撤销
work-token-new = 新建令牌
work-token-new-help = 新建和撤销都会记入操作记录。
work-token-password = 新建令牌前请再次输入密码。
work-token-make = 新建令牌
work-token-secret = 请立即复制令牌
work-token-secret-text = 令牌只显示这一次，请存放在安全的地方，不要写入程序源代码。
work-flash-token = 令牌已建立。
work-flash-token-revoked = 令牌已撤销，立即失效。
work-area = 个人工作台
work-tokens-manage = 管理令牌
work-problem-token-scope = 令牌没有这里需要的权限；WWW-Authenticate 头写明需要哪一项。

## The second proof at sign-in
work-second = 两步验证
work-second-lead = 登录时除密码或短信验证码外，再输入手机验证器应用上的六位数字，密码泄露也进不来。
work-second-manage = 设置两步验证
work-second-on = 两步验证已开启
work-second-left = { $since }开启；还有 { $left } 个恢复码可用。
work-second-off = 两步验证未开启
work-second-off-text = 开启后，其他设备会退出登录。
work-second-scan = 第一步：用验证器应用扫码
work-second-scan-text = 任何支持 TOTP 的验证器应用都可以，例如微信小程序“腾讯身份验证器”、Microsoft Authenticator、Google Authenticator。请勿截图转发。
work-second-type = 不能扫码时，手工输入密钥：
work-second-open = 在本机的应用中打开
work-second-confirm = 第二步：输入应用显示的数字
work-second-confirm-help = 核对无误后才生效。
work-second-code = 六位数字
work-second-code-help = 验证器应用显示的数字；手机不在身边时输入一个恢复码。
work-second-set = 开启两步验证
work-second-codes = 恢复码：请立即抄下或打印
work-second-codes-text = 手机丢失时，每个恢复码可代替六位数字登录一次。只显示这一次，请与手机分开存放。
work-second-codes-new = 换一组恢复码
work-second-codes-new-help = 旧的恢复码随即作废。
work-second-renew = 换一组
work-second-remove-title = 关闭两步验证
work-second-remove-help = 关闭后只凭密码或短信验证码登录。管理员的身份可能因此停用。
work-second-remove = 关闭两步验证
work-second-ask = 再验证一步
work-second-ask-text = 请打开手机上的验证器应用。
work-second-lost = 手机和恢复码都丢了，请联系系统管理员重置。
work-second-reset = 重置两步验证
work-flash-second = 两步验证已开启，其他设备已退出登录。
work-flash-second-codes = 已换一组恢复码，旧的作废。
work-flash-second-off = 两步验证已关闭。
work-flash-second-reset = 两步验证已重置，已通知本人。
work-security = 登录安全
work-nav-security = 登录安全
work-security-lead = 登录时如何核实身份。修改会记入操作记录。
work-security-second = 三员（系统、安全、审计管理员）必须使用两步验证
work-security-second-help = 未开启两步验证的管理员，其管理身份暂停，开启后恢复。请先为自己开启。
fault-work-second-first = 请先为自己的账号开启两步验证。
notice-work-security = 登录安全
notice-work-security-text = 您的登录方式有变化。
notice-work-security-reset-text = 系统管理员重置了您的两步验证；不是您要求的，请立即联系系统管理员。
notice-work-security-removed-text = 您的两步验证已关闭；不是您本人操作，请立即修改密码。
notice-work-security-recovery-text = 有人用恢复码登录了您的账号；不是您本人，请立即修改密码。
notice-work-security-password-text = 您的密码已修改；不是您本人操作，请立即联系系统管理员。
notice-work-security-device-text = 您的账号在一台新的设备或新的网络上登录：{ $device }，{ $address }。不是您本人，请在“我的账号”中退出这台设备并修改密码。
notice-work-security-set-text = 您的两步验证已开启；不是您本人操作，请立即修改密码。
notice-work-security-codes-text = 您的恢复码已换新，原来的作废；不是您本人操作，请立即修改密码。
notice-work-security-rekeyed-text = 平台更换了主密钥，您原来的恢复码作废；请到两步验证页面换一组新的。
