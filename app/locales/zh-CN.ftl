# jinmen assign 与 jinmen rank 显示给人看的文字。

cli-assign-sum = { $optimal ->
    [yes] 共 { $pairs } 对，总分 { $sum }（已是最高 { $bound }）
   *[no] 共 { $pairs } 对，总分 { $sum }（上界 { $bound }）
 }
cli-assign-lowest = 作品总分最低 { $lowest }，5% 的作品不超过 { $low }
cli-assign-drawn = 以种子 { $seed } 从 { $support } 对可能的组合中抽签；最可能的一对概率 { $likeliest }，总分期望占最高总分的 { $quality }
cli-assign-none = 无法分配：{ $why }
cli-assign-entries = 作品：{ $names }
cli-assign-judges = 评委：{ $names }
cli-assign-nobody = 无
cli-assign-help = 可以这样放宽：{ $what }
cli-assign-stopped = 已中止

# 每一对的理由。
cli-assign-kept = 按人工指定保留
cli-assign-rank = 没有回避关系的 { $open } 位评委中排第 { $rank }
cli-assign-better-here = ，更合适的有 { $n } 位也评这件
cli-assign-better-elsewhere = ，更合适的有 { $n } 位评别的作品更有用

# 缺什么。
cli-assign-short-judges = 这 { $entries } 件作品没有回避关系的评委只有 { $judges } 位：需要 { $needed } 个名额，{ $rules ->
    [yes] 按附加规则只有 { $available } 个
   *[no] 只有 { $available } 个
 }
cli-assign-short-seniors = 这 { $entries } 件作品没有回避关系的资深评委只有 { $judges } 位：需要 { $needed } 个名额，只有 { $available } 个
cli-assign-short-entries = 这 { $judges } 位评委至少共应评 { $needed } 件，但没有回避关系的 { $entries } 件作品{ $rules ->
    [yes] 按附加规则只有 { $available } 个名额
   *[no] 只有 { $available } 个名额
 }
cli-assign-short-kept-by-rules = 这件作品保留的 { $needed } 对违反附加规则
cli-assign-short-kept = 保留了 { $needed } 对，至多只能有 { $available } 对
cli-assign-short-group = 这 { $entries } 件作品同组，需要 { $needed } 位能评全组的评委，只有 { $available } 位
cli-assign-short-groups = { $rules ->
    [yes] 同组作品由同样的评委评，又有附加规则，这 { $entries } 件作品无法分配
   *[no] 同组作品由同样的评委评，这 { $entries } 件作品无法分配
 }
cli-assign-short-groups-minimum = { $rules ->
    [yes] 同组作品由同样的评委评，又有附加规则，这 { $judges } 位评委达不到下限
   *[no] 同组作品由同样的评委评，这 { $judges } 位评委达不到下限
 }
cli-assign-short-cap = 在概率上限之内，这 { $entries } 件作品得不到所需的 { $needed } 位评委
cli-assign-short-cap-minimum = 在概率上限之内，这 { $judges } 位评委得不到下限所要的 { $needed } 件作品
cli-assign-short-rules = 各条附加规则合在一起，这 { $entries } 件作品无法分配
cli-assign-short-rules-minimum = 各条附加规则合在一起，这 { $judges } 位评委达不到下限
cli-assign-short-unsettled = { $rules ->
    [yes] 没有找到同时满足各条附加规则的分配，但不能断定没有
   *[no] 没有找到让同组作品在一起的分配，但不能断定没有
 }

# 怎样放宽。
cli-assign-change-load-max = 评委 { $judge } 由至多 { $from } 件改为 { $to } 件
cli-assign-change-load-min = 评委 { $judge } 由至少 { $from } 件改为 { $to } 件
cli-assign-change-demand = 作品 { $entry } 由 { $from } 位评委改为 { $to } 位
cli-assign-change-conflict = 解除评委 { $judge } 与作品 { $entry } 的回避
cli-assign-change-kept = 不再保留评委 { $judge } 评作品 { $entry }
cli-assign-change-rules = 放弃附加规则
cli-assign-change-groups = 拆开分组
cli-assign-change-cap = 提高概率上限
cli-assign-changes-more = { $changes }，另有 { $n } 处同样的改动
cli-list-comma = {"、"}

# 做到哪里。
cli-assign-stage-choosing = 选取组合
cli-assign-stage-balancing = 平衡任务量
cli-assign-stage-pricing = 证明
cli-assign-stage-levelling = 拉平各件作品
cli-assign-stage-spreading = 分散概率
cli-assign-stage-explaining = 查找原因

cli-rank-untrimmed = { $entries } 件作品的分数不到 { $needed } 个：取简单平均
cli-rank-no-intervals = 分数太少，看不出评委之间的差别：没有区间
cli-rank-apart = 分成 { $parts } 部分，相互没有共同的评委：各部分之间只按收缩估计排名
