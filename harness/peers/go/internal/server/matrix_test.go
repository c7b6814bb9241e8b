package server

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const workers = `{"id":"w-1","text":"Ana, picker in Detroit","metadata":{"role":"Picker","city":"Detroit","years":3}}
{"id":"w-2","text":"Bob, welder in Detroit","metadata":{"role":"Welder","city":"Detroit","years":5}}
{"id":"w-3","text":"Cy, night picker, far away","metadata":{"role":"Pickers","city":"Toledo"}}
{"id":"w-4","text":"Di","metadata":{"role":"Picker","city":"Detroit","available":false}}
`

// withWorkers returns a server with the corpus `workers`.
func withWorkers(t *testing.T) string {
	t.Helper()
	url, _ := start(t)
	run(t, url, []step{
		{"PUT", "/v1/matrix/corpora/workers", `{"model":"hash-768"}`, 201, `{"name":"workers","model":"hash-768","dimension":768,"documents":0}`},
		{"POST", "/v1/matrix/corpora/workers/documents", workers, 200, `{"taken":4,"refused":0,"errors":[]}`},
	})
	return url
}

func TestCorpora(t *testing.T) {
	url := withWorkers(t)
	const badName = "corpus name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit, and not `playbook_memory`"
	const documents = "/v1/matrix/corpora/workers/documents"
	lines := "\n \t\r\n" + `{"id":"a"}` + "\n[]\n\xff\n{\n" + `{"id":"a","text":"\u00a0"}` + "\n" +
		`{"id":"a","text":"x","y":1}` + "\n" + `{"id":"ok","text":"x"}` + "\r\n" + strings.Repeat("[", 129) + strings.Repeat("]", 129) +
		"\n" + strings.Repeat(" ", 2<<20) + "\n" + strings.Repeat(" ", 1<<20) + "1"
	refused := `{"taken":1,"refused":8,"errors":[{"line":3,"reason":"missing field ` + "`text`" + `"},` +
		`{"line":4,"reason":"line must be a JSON object"},{"line":5,"reason":"line is not valid UTF-8"},` +
		`{"line":6,"reason":"line is not valid JSON"},{"line":7,"reason":"text is empty"},` +
		`{"line":8,"reason":"unknown field ` + "`y`; expected one of `id`, `text`, `metadata`" + `"},` +
		`{"line":10,"reason":"line nests deeper than 128 levels"},{"line":12,"reason":"line is larger than 1048576 bytes"}]}`
	run(t, url, []step{
		{"PUT", "/v1/matrix/corpora/playbook_memory", "", 400, badName},
		{"GET", "/v1/matrix/corpora/A", "", 400, badName},
		{"PUT", "/v1/matrix/corpora/workers", `{}`, 200, `{"name":"workers","model":"hash-768","dimension":768,"documents":4}`},
		{"PUT", "/v1/matrix/corpora/workers", `{"model":"other"}`, 409, "corpus `workers` exists with model `hash-768`"},
		{"PUT", "/v1/matrix/corpora/more", `{"model":"other"}`, 400, "unknown model `other`"},
		{"GET", "/v1/matrix/corpora/more", "", 404, "unknown corpus `more`"},
		{"POST", documents, lines, 200, refused},
		{"GET", documents + "/ok", "", 200, `{"id":"ok","text":"x","metadata":{}}`},
		{"GET", documents + "/no", "", 404, "corpus `workers` has no document `no`"},
		{"GET", documents + "/%ff", "", 400, "document id is not valid UTF-8"},
		{"DELETE", documents + "/ok", "", 200, `{"deleted":1}`},
		{"PUT", "/v1/vectors/indexes/plain", `{"dimension":2}`, 201, `{"name":"plain","dimension":2,"distance":"cosine","backend":"hnsw","space":null,"items":0}`},
		{"GET", "/v1/matrix/corpora/plain", "", 404, "unknown corpus `plain`"},
		{"DELETE", "/v1/matrix/corpora/plain", "", 404, "unknown corpus `plain`"},
		{"PUT", "/v1/vectors/indexes/odd", `{"dimension":2,"space":"odd"}`, 201, `{"name":"odd","dimension":2,"distance":"cosine","backend":"hnsw","space":"odd","items":0}`},
		{"POST", "/v1/matrix/corpora/odd/documents", "\n" + `{"id":"a","text":"x"}`, 400, "unknown model `odd`; 0 documents were taken, the first that was not is on line 2"},
		{"DELETE", "/v1/matrix/corpora/workers", "", 200, `{"dropped":"workers"}`},
	})
}

// found is the part of an answer that the tests check.
type found struct {
	Hits []struct {
		ID           string
		Text         *string
		Distance     float64
		BaseDistance float64 `json:"base_distance"`
		Why          *struct {
			Shape  string
			Score  *float64
			Factor float64
		}
	}
	Playbook struct {
		Used     bool
		Role     *string
		Source   string `json:"role_source"`
		Boosted  int
		Injected int
		Rejected []struct{ Reason string }
	}
	Corpora []struct{ Corpus, Status, Reason string }
}

func (f found) ids() (ids []string) {
	for _, h := range f.Hits {
		ids = append(ids, h.ID)
	}
	return ids
}

func (f found) reasons() (reasons []string) {
	for _, r := range f.Playbook.Rejected {
		reasons = append(reasons, r.Reason)
	}
	return reasons
}

func search(t *testing.T, url, body string) (f found) {
	t.Helper()
	status, _, answer := call(t, "POST", url, body)
	if status != 200 {
		t.Fatalf("%s: %d %s", body, status, answer)
	}
	if err := json.Unmarshal([]byte(answer), &f); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSearch(t *testing.T) {
	url := withWorkers(t)
	f := search(t, url+"/v1/matrix/search", `{"query_text":"picker in Detroit","corpora":["gone","workers","workers","Q"],"k":2}`)
	if !slices.Equal(f.ids(), []string{"w-1", "w-2"}) || f.Playbook.Used || f.Playbook.Source != "none" {
		t.Errorf("%+v", f)
	}
	if got := fmt.Sprint(f.Corpora); got != "[{gone failed unknown corpus `gone`} {workers ok } {Q failed unknown corpus `Q`}]" {
		t.Error(got)
	}
	f = search(t, url+"/v1/matrix/retrieve", `{"query_text":"picker","corpora":["workers"],"sql_filter":"NOT years > 3","explain":true}`)
	if !slices.Equal(f.ids(), []string{"w-1"}) || f.Hits[0].Text == nil || f.Hits[0].Why.Shape != "cold" {
		t.Errorf("%+v", f)
	}
	status, _, body := call(t, "POST", url+"/vectors/hybrid", `{"index_name":"workers","question":"welder","sql_filter":"years = 5"}`)
	if status != 200 || !strings.HasSuffix(body, `,"text":"Bob, welder in Detroit","metadata":{"role":"Welder","city":"Detroit","years":5}}]}`) {
		t.Errorf("%d %s", status, body)
	}
	run(t, url, []step{
		{"POST", "/v1/matrix/search", `{"query_text":" ","corpora":[]}`, 400, "field `corpora` must be an array of 1 to 16 strings"},
		{"POST", "/v1/matrix/search", `{"query_text":" ","corpora":["b"]}`, 400, "query_text is empty"},
		{"POST", "/v1/matrix/search", `{"query_text":"x","corpora":["b","a"]}`, 404, "unknown corpus `b`"},
		{"POST", "/v1/matrix/search", `{"query_text":"x","corpora":["b"],"sql_filter":"x"}`, 400, "unknown field `sql_filter`; expected one of `query_text`, `corpora`, `k`, `exclude_ids`, `filter`, `use_playbook`, `query_role`, `explain`, `understand`, `max_distance`"},
		{"POST", "/v1/matrix/retrieve", `{"query_text":"x","corpora":["b"],"sql_filter":""}`, 400, "sql_filter is not a condition: expected a name, not the end"},
		{"POST", "/vectors/search", `{"index_name":"b","query":"x"}`, 404, "unknown corpus `b`"},
		{"POST", "/vectors/search", `{"index_name":"b"}`, 400, "missing field `query`"},
	})
}

func record(t *testing.T, url, body string) (id string) {
	t.Helper()
	status, _, answer := call(t, "POST", url+"/v1/matrix/playbooks/record", body)
	var recorded struct{ ID string }
	if err := json.Unmarshal([]byte(answer), &recorded); err != nil || status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	return recorded.ID
}

func TestPlaybook(t *testing.T) {
	url := withWorkers(t)
	const path = "/v1/matrix/search"
	const ask = `{"query_text":"need 2 pickers in Detroit","corpora":["workers"],"k":%d,"use_playbook":true,"explain":true%s}`
	const say = `{"query_text":"need 2 pickers in Detroit","answer_id":"%s","answer_corpus":"workers","score":%s%s}`

	id := record(t, url, fmt.Sprintf(say, "w-1", "1.0", ""))
	f := search(t, url+path, fmt.Sprintf(ask, 4, ""))
	for _, h := range f.Hits {
		want := h.BaseDistance
		if h.ID == "w-1" {
			want /= 2
		}
		if math.Abs(h.Distance-want) > 1e-4 || (h.ID == "w-1") != (h.Why.Shape == "boosted") {
			t.Errorf("%+v", h)
		}
	}
	if f.Playbook.Boosted != 1 || *f.Playbook.Role != "picker" || f.Playbook.Source != "text" {
		t.Errorf("%+v", f.Playbook)
	}
	f = search(t, url+path, fmt.Sprintf(ask, 4, `,"query_role":"Welder"`))
	if !slices.Equal(f.reasons(), []string{"role_mismatch"}) || f.Playbook.Boosted != 0 || f.Playbook.Source != "request" {
		t.Errorf("%+v", f.Playbook)
	}
	f = search(t, url+path, fmt.Sprintf(ask, 4, `,"exclude_ids":["w-1"]`))
	if !slices.Equal(f.reasons(), []string{"filtered"}) {
		t.Errorf("%+v", f.Playbook)
	}

	// A bad answer moves away, and the next of the cold ranking takes its place.
	record(t, url, fmt.Sprintf(say, "w-1", "-1", ""))
	f = search(t, url+path, fmt.Sprintf(ask, 1, ""))
	if !slices.Equal(f.ids(), []string{"w-2"}) || f.Playbook.Boosted != 1 {
		t.Errorf("%+v", f)
	}

	// Hits after the first k are injected, unless the judge rejects them.
	now := strings.Replace(say, "Detroit", "Detroit now", 1)
	record(t, url, fmt.Sprintf(now, "w-2", "1", `,"role":"picker"`))
	record(t, url, fmt.Sprintf(now, "w-3", "1", ""))
	record(t, url, fmt.Sprintf(now, "w-4", "1", ""))
	f = search(t, url+path, fmt.Sprintf(ask, 1, ""))
	if got := f.reasons(); !slices.Equal(slices.Sorted(slices.Values(got)), []string{"judge_city", "judge_role", "judge_unavailable"}) {
		t.Errorf("%q", got)
	}
	status, _, body := call(t, "GET", url+"/v1/matrix/playbooks/"+id, "")
	if status != 200 || !strings.HasPrefix(body, `{"id":"`+id+`","query_text":"need 2 pickers in Detroit","answer_id":"w-1","answer_corpus":"workers","score":-1,"role":"picker","synonym":null,"recorded_at":"`) {
		t.Errorf("%d %s", status, body)
	}
	run(t, url, []step{
		{"DELETE", "/v1/matrix/playbooks/" + id, "", 200, `{"deleted":1}`},
		{"GET", "/v1/matrix/playbooks/" + id, "", 404, "no recording `" + id + "`"},
		{"POST", "/v1/matrix/playbooks/record", fmt.Sprintf(say, "w-9", "1", ""), 404, "corpus `workers` has no document `w-9`"},
		{"POST", "/v1/matrix/playbooks/record", fmt.Sprintf(say, "w-1", "1.00000000000000000001", ""), 400, "field `score` must be a number from -1 to 1"},
		{"DELETE", "/vectors/index/playbook_memory", "", 200, `{"dropped":"playbook_memory"}`},
	})
	f = search(t, url+path, fmt.Sprintf(ask, 4, ""))
	if !f.Playbook.Used || len(f.Playbook.Rejected) != 0 || f.Playbook.Boosted != 0 {
		t.Errorf("%+v", f.Playbook)
	}
}

// TestGate has a recording for each reason of the first rules.
func TestGate(t *testing.T) {
	url := withWorkers(t)
	run(t, url, []step{
		{"PUT", "/v1/matrix/corpora/others", `{}`, 201, `{"name":"others","model":"hash-768","dimension":768,"documents":0}`},
		{"POST", "/v1/matrix/corpora/others/documents", `{"id":"o-1","text":"x"}` + "\n" + `{"id":"o-2","text":"y","metadata":{"role":"Picker"}}`, 200, `{"taken":2,"refused":0,"errors":[]}`},
	})
	for _, answer := range []string{
		`"need pickers","answer_id":"w-1","answer_corpus":"workers"`,
		`"need pickers now","answer_id":"w-1","answer_corpus":"workers","role":"picker"`,
		`"need pickers","answer_id":"w-3","answer_corpus":"workers"`,
		`"need pickers","answer_id":"w-4","answer_corpus":"workers"`,
		`"need pickers","answer_id":"o-1","answer_corpus":"others"`,
		`"pickers, welders","answer_id":"w-1","answer_corpus":"workers"`,
	} {
		record(t, url, `{"query_text":`+answer+`,"score":0.5}`)
	}
	run(t, url, []step{{"DELETE", "/v1/matrix/corpora/workers/documents/w-4", "", 200, `{"deleted":1}`}})
	const ask = `{"query_text":"%s","corpora":["workers"],"k":1,"use_playbook":true,"explain":true}`
	f := search(t, url+"/v1/matrix/search", fmt.Sprintf(ask, "need pickers"))
	reasons := slices.Sorted(slices.Values(f.reasons()))
	if want := []string{"answer_gone", "corpus_not_searched", "no_recorded_role", "superseded"}; !slices.Equal(reasons, want) {
		t.Errorf("%q", reasons)
	}
	// One of the two pickers is first in the cold ranking, the other is not.
	if f.Playbook.Boosted != 1 || f.Playbook.Injected != 1 || len(f.Hits) != 1 || f.Hits[0].Why.Factor != 0.75 {
		t.Errorf("%+v", f)
	}
	f = search(t, url+"/v1/matrix/search", fmt.Sprintf(ask, "pickers, welders"))
	if got := slices.Compact(f.reasons()); !slices.Equal(got, []string{"no_query_role"}) || f.Playbook.Role != nil {
		t.Errorf("%q", got)
	}
}

const people = `{"id":"d1","text":"Forklift operator, Detroit, MI","metadata":{"role":"Forklift Operator","city":"Detroit","state":"MI","available":true}}
{"id":"l1","text":"Forklift operator, Saint Louis, MO","metadata":{"role":"Forklift Operator","city":"Saint Louis","state":"MO","available":true}}
{"id":"t1","text":"Truck driver near Detroit, MI","metadata":{"role":"Truck Driver","city":"Detroit","state":"MI","available":true}}
`

// withPeople returns a server with the corpus `people`, and a function that
// asks it for the moved answers and the reasons of the others.
func withPeople(t *testing.T) (url string, ask func(query string, k int) (moved int, role string, reasons []string)) {
	t.Helper()
	url, _ = startWith(t, "../../../../../fixtures/lexicon")
	run(t, url, []step{
		{"PUT", "/v1/matrix/corpora/people", `{}`, 201, `{"name":"people","model":"hash-768","dimension":768,"documents":0}`},
		{"POST", "/v1/matrix/corpora/people/documents", people, 200, `{"taken":3,"refused":0,"errors":[]}`},
	})
	return url, func(query string, k int) (int, string, []string) {
		f := search(t, url+"/v1/matrix/search", fmt.Sprintf(`{"query_text":"%s","corpora":["people"],"k":%d,"use_playbook":true,"understand":"off"}`, query, k))
		role := ""
		if f.Playbook.Role != nil {
			role = *f.Playbook.Role
		}
		return f.Playbook.Boosted + f.Playbook.Injected, role, f.reasons()
	}
}

func TestPlacesOfAnswers(t *testing.T) {
	url, ask := withPeople(t)
	record(t, url, `{"query_text":"Need 3 forklift operators in Detroit MI","answer_id":"d1","answer_corpus":"people","score":1}`)
	for _, place := range []string{"St. Louis MO", "Ann Arbor MI", "Ann Arbor", "Ohio", "Detroit, OH", "East Detroit", "MO"} {
		for _, k := range []int{1, 10} {
			if moved, _, reasons := ask("Need 3 forklift operators in "+place, k); moved != 0 || !slices.Equal(reasons, []string{"judge_city"}) {
				t.Errorf("%s %d: %d %q", place, k, moved, reasons)
			}
		}
	}
	for _, place := range []string{"in detroit", "in Michigan", "for Monday", "in Detroit, not Ann Arbor"} {
		if moved, _, reasons := ask("Need 3 forklift operators "+place, 10); moved != 1 {
			t.Errorf("%s: %d %q", place, moved, reasons)
		}
	}
}

func TestTheVeryQuestion(t *testing.T) {
	url, ask := withPeople(t)
	for _, query := range []string{"magni driver near Detroit", "someone for the big one", "truck drivers in Ohio"} {
		record(t, url, `{"query_text":"`+query+`","answer_id":"d1","answer_corpus":"people","score":1}`)
		if moved, _, reasons := ask(strings.ToUpper(query), 1); moved == 0 {
			t.Errorf("%s: %q", query, reasons)
		}
		f := search(t, url+"/v1/matrix/search", fmt.Sprintf(`{"query_text":"%s","corpora":["people"],"k":1,"use_playbook":true,"explain":true}`, query))
		if !slices.Equal(f.ids(), []string{"d1"}) {
			t.Errorf("%s: %q", query, f.ids())
		}
	}
}

func TestJargon(t *testing.T) {
	url, ask := withPeople(t)
	record(t, url, `{"query_text":"magni driver near Detroit","answer_id":"d1","answer_corpus":"people","score":1}`)
	if moved, role, reasons := ask("need 2 magni drivers in Detroit", 1); moved != 1 || role != "magni driver" {
		t.Errorf("%q %q", role, reasons)
	}
}

func TestSynonyms(t *testing.T) {
	url, ask := withPeople(t)
	const query = "need a magni driver in Detroit"
	const say = `{"query_text":"%s","answer_id":"%s","answer_corpus":"people","score":%s,"role":"%s"}`
	id := record(t, url, fmt.Sprintf(say, query, "d1", "1", "Fork-lift Operators"))
	_, _, body := call(t, "GET", url+"/v1/matrix/playbooks/"+id, "")
	if !strings.Contains(body, `"role":"forklift operator","synonym":"magni driver = forklift operator",`) {
		t.Error(body)
	}
	want := func(role string) {
		t.Helper()
		if moved, got, _ := ask("need 2 magni drivers in Detroit", 3); got != role || (moved > 0) != (role == "forklift operator") {
			t.Errorf("%q %d", got, moved)
		}
	}
	want("forklift operator")
	other := "2 magni drivers in Detroit"
	record(t, url, fmt.Sprintf(say, other, "t1", "1", "Truck Driver"))
	want("magni driver")
	record(t, url, fmt.Sprintf(say, other, "t1", "-1", "Truck Driver"))
	want("forklift operator")
	run(t, url, []step{{"DELETE", "/v1/matrix/playbooks/" + id, "", 200, `{"deleted":1}`}})
	want("magni driver")
}

func TestRecordingIDs(t *testing.T) {
	url, _ := withPeople(t)
	run(t, url, []step{{
		"POST", "/v1/matrix/corpora/people/documents",
		`{"id":"C","text":"x"}` + "\n" + `{"id":"B\u0000people\u0000C","text":"y"}`, 200, `{"taken":2,"refused":0,"errors":[]}`,
	}})
	one := record(t, url, `{"query_text":"A\u0000people\u0000B","answer_id":"C","answer_corpus":"people","score":1,"role":"picker"}`)
	other := record(t, url, `{"query_text":"A","answer_id":"B\u0000people\u0000C","answer_corpus":"people","score":1,"role":"picker"}`)
	if one == other {
		t.Error(one)
	}
	// A recording with another id is replaced when it is recorded again.
	_, _, item := call(t, "GET", url+"/v1/vectors/indexes/playbook_memory/items/"+one, "")
	old := strings.Replace(strings.Replace(item, one, "pb-old", 1), `"role":"picker","synonym":null`, `"role":"packer"`, 1)
	run(t, url, []step{{"POST", "/v1/vectors/indexes/playbook_memory/items", `{"items":[` + old + `]}`, 200, `{"upserted":1}`}})
	if status, _, body := call(t, "GET", url+"/v1/matrix/playbooks/pb-old", ""); status != 200 || !strings.Contains(body, `"role":"packer","synonym":null`) {
		t.Errorf("%d %s", status, body)
	}
	record(t, url, `{"query_text":"A\u0000people\u0000B","answer_id":"C","answer_corpus":"people","score":1,"role":"picker"}`)
	run(t, url, []step{
		{"GET", "/v1/matrix/playbooks/pb-old", "", 404, "no recording `pb-old`"},
		{"DELETE", "/v1/matrix/playbooks/" + one, "", 200, `{"deleted":1}`},
	})
}

// TestScoreHalves moves a recording into the past.
func TestScoreHalves(t *testing.T) {
	url := withWorkers(t)
	id := record(t, url, `{"query_text":"need pickers","answer_id":"w-1","answer_corpus":"workers","score":0.8}`)
	_, _, item := call(t, "GET", url+"/v1/vectors/indexes/playbook_memory/items/"+id, "")
	today := time.Now().UTC().Format("2006-01-02")
	past := time.Now().UTC().Add(-180*24*time.Hour - time.Hour).Format("2006-01-02")
	run(t, url, []step{{
		"POST", "/v1/vectors/indexes/playbook_memory/items",
		`{"items":[` + strings.Replace(item, today, past, 1) + `,` + strings.Replace(`{"id":"odd","metadata":{},`+item[strings.Index(item, `"vector"`):], `"metadata":{"query`, `"metadata":{"x`, 1) + `]}`,
		200, `{"upserted":2}`,
	}})
	// There are more nearer items that are not recordings than recordings are
	// considered.
	var odd []string
	for i := range 20 {
		odd = append(odd, strings.Replace(item, `"`+id+`"`, fmt.Sprintf(`"odd-%d"`, i), 1))
	}
	odds := strings.ReplaceAll(strings.Join(odd, ","), `"metadata":{"query`, `"metadata":{"x`)
	run(t, url, []step{{"POST", "/v1/vectors/indexes/playbook_memory/items", `{"items":[` + odds + `]}`, 200, `{"upserted":20}`}})
	f := search(t, url+"/v1/matrix/search", `{"query_text":"need pickers","corpora":["workers"],"use_playbook":true,"explain":true}`)
	i := slices.Index(f.ids(), "w-1")
	if why := f.Hits[i].Why; why.Shape != "boosted" || math.Abs(*why.Score-0.4) > 0.003 {
		t.Errorf("%+v", why)
	}
	if len(f.Playbook.Rejected) != 0 {
		t.Errorf("an item that is not a recording was considered: %+v", f.Playbook)
	}
}

// TestDocumentsStream checks that documents are stored before the body has
// ended.
func TestDocumentsStream(t *testing.T) {
	url := withWorkers(t)
	reader, writer := io.Pipe()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Post(url+"/v1/matrix/corpora/workers/documents", "application/x-ndjson", reader)
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	for i := range 250 {
		fmt.Fprintf(writer, `{"id":"s-%d","text":"t %d"}`+"\n", i, i)
	}
	taken := false
	for range 3000 {
		if status, _, _ := call(t, "GET", url+"/v1/matrix/corpora/workers/documents/s-0", ""); status == 200 {
			taken = true
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !taken {
		t.Error("no document is stored while documents arrive")
	}
	writer.Close()
	if body := <-answered; body != `{"taken":250,"refused":0,"errors":[]}` {
		t.Error(body)
	}
}
