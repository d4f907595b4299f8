# What jinmen assign and jinmen rank say to people.

cli-assign-sum = { $optimal ->
    [yes] { $pairs } pairs, sum { $sum } (the largest there is { $bound })
   *[no] { $pairs } pairs, sum { $sum } (bound { $bound })
 }
cli-assign-lowest = lowest total of an entry { $lowest }, 5 % are at or below { $low }
cli-assign-drawn = drawn with seed { $seed } from { $support } possible pairs; likeliest { $likeliest }, expected share of the largest sum { $quality }
cli-assign-none = there is no assignment: { $why }
cli-assign-entries = entries: { $names }
cli-assign-judges = judges: { $names }
cli-assign-nobody = none
cli-assign-help = what would help: { $what }
cli-assign-stopped = it was stopped

# Why a pair.
cli-assign-kept = kept as it was assigned by hand
cli-assign-rank = number { $rank } of { $open } judges without conflict
cli-assign-better-here = , { $n } better also on it
cli-assign-better-elsewhere = , { $n } better worth more elsewhere

# What cannot be had.
cli-assign-short-judges = { $entries ->
    [one] this entry has
   *[other] these { $entries } entries have
 } only { $judges ->
    [one] one judge
   *[other] { $judges } judges
 } without conflict: { $needed ->
    [one] { $needed } place is
   *[other] { $needed } places are
 } needed, { $available } can be had{ $rules ->
    [yes] {" "}under the side rules
   *[no] {""}
 }
cli-assign-short-seniors = { $entries ->
    [one] this entry has
   *[other] these { $entries } entries have
 } only { $judges ->
    [one] { $judges } senior judge
   *[other] { $judges } senior judges
 } without conflict: { $needed ->
    [one] { $needed } place is
   *[other] { $needed } places are
 } needed, { $available } can be had
cli-assign-short-entries = { $judges ->
    [one] this judge
   *[other] these { $judges } judges
 } must take { $needed } in all, but only { $available } can be had on the { $entries ->
    [one] entry
   *[other] { $entries } entries
 } without conflict{ $rules ->
    [yes] {" "}under the side rules
   *[no] {""}
 }
cli-assign-short-kept-by-rules = { $needed ->
    [one] the pair kept on this entry breaks the side rules
   *[other] the { $needed } pairs kept on this entry break the side rules together
 }
cli-assign-short-kept = { $needed } pairs are kept where at most { $available } may be
cli-assign-short-group = these { $entries } entries stay together and need { $needed } judges with room for all of them, there are { $available }
cli-assign-short-groups = groups that stay together leave no assignment for { $entries ->
    [one] this entry
   *[other] these { $entries } entries
 }{ $rules ->
    [yes] {" "}under the side rules
   *[no] {""}
 }
cli-assign-short-groups-minimum = groups that stay together leave no assignment in which { $judges ->
    [one] this judge
   *[other] these { $judges } judges
 } get their minimum{ $rules ->
    [yes] {" "}under the side rules
   *[no] {""}
 }
cli-assign-short-cap = under the cap on probabilities { $entries ->
    [one] this entry
   *[other] these { $entries } entries
 } cannot get { $needed ->
    [one] { $needed } judge
   *[other] { $needed } judges
 }
cli-assign-short-cap-minimum = under the cap on probabilities { $judges ->
    [one] this judge
   *[other] these { $judges } judges
 } cannot get the { $needed } entries that are their minimum
cli-assign-short-rules = the side rules together leave no assignment for { $entries ->
    [one] this entry
   *[other] these { $entries } entries
 }
cli-assign-short-rules-minimum = the side rules together leave no assignment in which { $judges ->
    [one] this judge
   *[other] these { $judges } judges
 } get their minimum
cli-assign-short-unsettled = no assignment was found that { $rules ->
    [yes] meets the side rules together
   *[no] keeps the groups together
 }, though there may be one

# What would help.
cli-assign-change-load-max = let judge { $judge } take { $to } instead of { $from }
cli-assign-change-load-min = ask judge { $judge } for { $to } instead of at least { $from }
cli-assign-change-demand = give entry { $entry } { $to } judges instead of { $from }
cli-assign-change-conflict = lift the conflict of judge { $judge } with entry { $entry }
cli-assign-change-kept = no longer keep judge { $judge } on entry { $entry }
cli-assign-change-rules = give up the side rules
cli-assign-change-groups = split the groups
cli-assign-change-cap = allow a higher probability
cli-assign-changes-more = { $changes }, and { $n } more like these
cli-list-comma = {", "}

# How far it is.
cli-assign-stage-choosing = choosing pairs
cli-assign-stage-balancing = balancing loads
cli-assign-stage-pricing = proving
cli-assign-stage-levelling = levelling entries
cli-assign-stage-spreading = spreading probabilities
cli-assign-stage-explaining = looking for the cause

cli-rank-untrimmed = { $entries ->
    [one] { $entries } entry has fewer than { $needed } scores: its score is the plain mean
   *[other] { $entries } entries have fewer than { $needed } scores: theirs is the plain mean
 }
cli-rank-no-intervals = too few scores to tell how far judges differ: there are no intervals
cli-rank-apart = { $parts } parts share no judge: between them only shrinkage ranks
