package vectors

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"lakehouse.invalid/peer/internal/filter"
)

func tests(t *testing.T, text string) []filter.Test {
	t.Helper()
	f, err := filter.Parse(mustParse(text), "filter")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return f.Tests()
}

func TestNotices(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "journal"))
	x := create(t, s, "x", Spec{Dimension: 1, Distance: Dot})
	check := func(text string, want ...string) {
		t.Helper()
		if got := x.Notices(tests(t, text)); !slices.Equal(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
	eq := func(field, value string) string {
		return fmt.Sprintf(`{"eq":{"field":%q,"value":%s}}`, field, value)
	}
	check(eq("yeers", "1"))
	for i, metadata := range []string{
		`{"years":3,"state":"MI","available":true,"gone":1}`,
		`{"years":4,"role":["Picker","Packer"],"note":null,"none":[]}`,
		`{"mixed":1,"home":{"city":"Flint"},"tags":[["a"]]}`,
		`{"mixed":["x",true,{}],"mixed":["x",true,{}],"yeary":1,"yearz":1,"yearx":1}`,
	} {
		upsert(t, s, "x", Input{ID: fmt.Sprint(i), Vector: FromFloats([]float64{1}), Metadata: mustParse(metadata)})
	}
	check(eq("years", "9"))
	check(eq("years", "null"))
	check(eq("note", `"x"`))
	check(eq("none", "1"))
	check(eq("role", `"Loader"`))
	check(eq("role", `"picker"`), "has `picker` in `role`; did you mean `Picker`?")
	check(eq("state", `"mi"`), "has `mi` in `state`; did you mean `MI`?")
	check(`{"in":{"field":"role","values":["PACKER","Loader","Picker",1,"picker"]}}`,
		"has a number in `role`; its values are strings",
		"has `PACKER` in `role`; did you mean `Packer`?",
		"has `picker` in `role`; did you mean `Picker`?")
	check(eq("years", `"3"`), "has a string in `years`; its values are numbers")
	check(eq("available", "1"), "has a number in `available`; its values are booleans")
	check(eq("home", `"Flint"`), "has a string in `home`; its values are objects")
	check(eq("tags", `"a"`), "has a string in `tags`; its values are objects")
	check(eq("sttae", `"MI"`), "has a field `sttae`; did you mean `state`?")
	check(eq("State", `"MI"`), "has a field `State`; did you mean `state`?")
	check(eq("YEAR", "1"), "has a field `YEAR`; did you mean `years`, `yearx` or `yeary`?")
	check(eq("shift", "1"), "has a field `shift`")
	long := strings.Repeat("y", 65)
	check(eq(long, "1"), "has a field `"+long+"`")
	check(`{"and":[{"not":{"in":{"field":"years","values":["3",true,3,"4"]}}},{"or":[
		{"range":{"field":"shift","gte":"a"}},{"contains":{"field":"state","value":"M"}},{"eq":{"field":"shift","value":1}}]}]}`,
		"has a string in `years`; its values are numbers",
		"has a boolean in `years`; its values are numbers",
		"has a field `shift`")
	if _, err := s.Delete("x", []string{"0"}); err != nil {
		t.Fatal(err)
	}
	check(eq("gone", "2"), "has a field `gone`; did you mean `none`?")
	if _, err := s.Delete("x", []string{"3"}); err != nil {
		t.Fatal(err)
	}
	check(eq("mixed", `"x"`), "has a string in `mixed`; its values are numbers")
}

func TestDistancesAreSummedInOrder(t *testing.T) {
	if d := Dot.between([]float32{1, -2, -2}, []float32{1, -1e15, 1e15}); d != -1 {
		t.Errorf("%v", d)
	}
	if d := Euclidean.between([]float32{0, 3}, []float32{4, 0}); d != 5 {
		t.Errorf("%v", d)
	}
	if d := Cosine.between(unit([]float32{3, 4}), unit([]float32{3, 4})); d < 0 || d > 1e-7 {
		t.Errorf("%v", d)
	}
}
