package understand

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// readNumbers finds dates, times, pay, years and the count.
func (r *reading) readNumbers(out *Understanding) {
	for i := 0; i < len(r.tokens); i++ {
		if !r.free(i) {
			continue
		}
		end := r.date(i, out)
		if end == 0 {
			end = r.time(i, out)
		}
		if end == 0 {
			end = r.quantity(i, out)
		}
		if end > 0 {
			r.use(i, end)
			i = end - 1
		}
	}
}

func (r *reading) free(i int) bool { return i < len(r.tokens) && r.at[i] == nil && !r.used[i] }

func (r *reading) isNumber(i int, gap string) bool {
	return r.free(i) && r.tokens[i].number && r.tokens[i].gap == gap
}

// small returns a number of one or two digits up to a limit, or -1.
func (r *reading) small(i, most int) int {
	if !r.free(i) || !r.tokens[i].number || len(r.tokens[i].text) > 2 {
		return -1
	}
	n, err := strconv.Atoi(r.tokens[i].text)
	if err != nil || n > most {
		return -1
	}
	return n
}

func (r *reading) wordIs(i int, list ...string) bool {
	return r.free(i) && slices.Contains(list, r.tokens[i].text)
}

// date returns the end of a date, or 0.
func (r *reading) date(i int, out *Understanding) int {
	t := r.tokens[i]
	add := func(end int, between string) int {
		parts := make([]string, 0, 3)
		for _, t := range r.tokens[i:end] {
			parts = append(parts, t.text)
		}
		out.Dates = append(out.Dates, strings.Join(parts, between))
		return end
	}
	switch {
	case t.number && len(t.text) == 4 && r.isNumber(i+1, "-") && r.isNumber(i+2, "-"):
		return add(i+3, "-")
	case r.small(i, 12) >= 0 && r.small(i+1, 31) >= 0 && r.isNumber(i+1, "/"):
		if r.isNumber(i+2, "/") {
			return add(i+3, "/")
		}
		return add(i+2, "/")
	case r.month[t.key] && r.small(i+1, 31) >= 0:
		add(i+2, " ")
		return r.behindOrdinal(i + 2)
	case r.small(i, 31) >= 0:
		m := r.behindOrdinal(i + 1)
		if r.wordIs(m, "de", "of") {
			m++
		}
		if r.free(m) && r.month[r.tokens[m].key] {
			out.Dates = append(out.Dates, r.tokens[m].text+" "+t.text)
			return m + 1
		}
	}
	if r.day[t.key] || r.day[t.text] {
		return add(i+1, "")
	}
	return 0
}

func (r *reading) behindOrdinal(i int) int {
	if r.wordIs(i, "st", "nd", "rd", "th") {
		return i + 1
	}
	return i
}

// time returns the end of a time of the day, or 0.
func (r *reading) time(i int, out *Understanding) int {
	hour := r.small(i, 24)
	if hour < 0 {
		return 0
	}
	end, minutes, exact := i+1, 0, false
	if m := r.small(end, 59); m >= 0 && r.tokens[end].gap == ":" {
		end, minutes, exact = end+1, m, true
	}
	half := ""
	switch {
	case r.wordIs(end, "am", "pm"):
		half, end = r.tokens[end].text[:1], end+1
	case r.wordIs(end, "a", "p") && r.wordIs(end+1, "m"):
		half, end = r.tokens[end].text, end+2
	}
	switch {
	case half == "" && !exact, half != "" && (hour == 0 || hour > 12):
		return 0
	case half == "":
		hour %= 24
	default:
		if hour %= 12; half == "p" {
			hour += 12
		}
	}
	out.Times = append(out.Times, fmt.Sprintf("%02d:%02d", hour, minutes))
	return end
}

// amount is one number, or a range of two.
type amount struct {
	start, end    int
	first, second string
}

// number returns a quantity at a token, as printed, or "".
func (r *reading) number(i int) string {
	if !r.free(i) {
		return ""
	}
	t := r.tokens[i]
	if n, ok := r.numbers[t.key]; ok && !t.number {
		return strconv.Itoa(n)
	}
	if !t.number {
		return ""
	}
	whole, fraction, _ := strings.Cut(strings.ReplaceAll(t.text, ",", ""), ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if len(whole) > 9 || len(fraction) > 9 {
		return ""
	}
	if whole == "" {
		whole = "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

func (r *reading) amount(i int) (a amount, ok bool) {
	a = amount{start: i, end: i + 1, first: r.number(i)}
	if a.first == "" {
		return a, false
	}
	next := i + 1
	to := r.wordIs(next, "to", "a")
	dash := next < len(r.tokens) && strings.Trim(r.tokens[next].gap, " $") == "-"
	if to {
		next++
	}
	if r.tokens[i].number && (to || dash) {
		if a.second = r.number(next); a.second != "" {
			a.end = next + 1
		}
	}
	return a, true
}

// quantity returns the end of a number with its unit, or 0.
func (r *reading) quantity(i int, out *Understanding) int {
	a, ok := r.amount(i)
	if !ok {
		return 0
	}
	if end := r.pay(a, out); end > 0 {
		return end
	}
	if r.has(a.end, r.year) {
		b, end := r.limits(a, a.end+1, true)
		if out.Years == nil {
			out.Years = b
		}
		return end
	}
	if a.end < len(r.tokens) && !r.tokens[a.end].breaks {
		if key := r.tokens[a.end].key; r.hour[key] || r.other[key] {
			if r.free(a.end) {
				return a.end + 1
			}
			return a.end
		}
	}
	if n, err := strconv.Atoi(a.first); err == nil && 1 <= n && n <= 999 && out.Count == "" {
		out.Count = a.first
	}
	return a.end
}

// has reports whether a word of a list stands at a token, in the same phrase.
func (r *reading) has(i int, s set) bool {
	return r.free(i) && !r.tokens[i].breaks && s[r.tokens[i].key]
}

func (r *reading) pay(a amount, out *Understanding) int {
	signed := func(i int) bool { return strings.HasSuffix(r.tokens[i].gap, "$") }
	money := signed(a.start) || signed(a.end-1)
	end := a.end
	if r.has(end, r.dollar) {
		money, end = true, end+1
	}
	switch {
	case r.has(end, r.hour) && strings.TrimSpace(r.tokens[end].gap) == "/":
		money, end = true, end+1
	case r.has(end, r.per) && r.has(end+1, r.hour):
		money, end = true, end+2
	case money && r.has(end, r.hour):
		end++
	}
	if !money {
		return 0
	}
	b, end := r.limits(a, end, false)
	if out.Pay == nil {
		out.Pay = b
	}
	return end
}

// limits returns the bounds that words around a number set, and the end of
// them.
func (r *reading) limits(a amount, end int, least bool) (*Bounds, int) {
	if a.second != "" {
		b := &Bounds{Most: a.second}
		if least {
			b.Least = a.first
		}
		return b, end
	}
	best, length := -1, 0
	for i, entries := range r.Dictionary.bounds {
		if n := r.longestBefore(entries, a.start); n > length {
			best, length = i, n
		}
	}
	plus := a.end < len(r.tokens) && strings.HasPrefix(r.tokens[a.end].gap, "+")
	switch {
	case best == 0:
		return &Bounds{Below: a.first}, end
	case best == 2:
		return &Bounds{Above: a.first}, end
	case best >= 0:
		least = best == 3
	case plus:
		least = true
	default:
		if n := r.longestAt(r.mostAfter, end); n > 0 {
			least, end = false, end+n
		} else if n := r.longestAt(r.lestAfter, end); n > 0 {
			least, end = true, end+n
		}
	}
	if least {
		return &Bounds{Least: a.first}, end
	}
	return &Bounds{Most: a.first}, end
}
