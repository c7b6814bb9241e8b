package server

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
)

// step is a request and its answer; for a problem, want is its detail.
type step struct {
	method, path, body string
	status             int
	want               string
}

func run(t *testing.T, url string, steps []step) {
	t.Helper()
	titles := map[int][2]string{
		400: {"400", "Bad Request"}, 404: {"404", "Not Found"}, 405: {"405", "Method Not Allowed"},
		409: {"409", "Conflict"}, 413: {"413", "Content Too Large"},
	}
	for _, s := range steps {
		status, _, body := call(t, s.method, url+s.path, s.body)
		if title, ok := titles[s.status]; ok {
			s.want = problem(title[0], title[1], s.want)
		}
		if status != s.status || body != s.want {
			t.Errorf("%s %s %.200s: %d\n got %s\nwant %s", s.method, s.path, s.body, status, body, s.want)
		}
	}
}

func TestVectors(t *testing.T) {
	url, _ := start(t)
	const x = "/v1/vectors/indexes/x"
	const badName = "index name must be 1 to 64 characters of `a-z0-9_-`, the first a letter or digit"
	const made = `{"name":"x","dimension":2,"distance":"euclidean","backend":"hnsw","space":null,"items":0}`
	run(t, url, []step{
		{"GET", "/v1/vectors/indexes", "", 200, `{"indexes":[]}`},
		{"PUT", "/v1/vectors/indexes/_x", "x", 400, badName},
		{"PUT", "/v1/vectors/indexes/" + strings.Repeat("x", 65), strings.Repeat(" ", 2<<20), 400, badName},
		{"PUT", x, `{"distance":"cosine"}`, 400, "missing field `dimension`"},
		{"PUT", x, `{"dimension":4097}`, 400, "field `dimension` must be an integer from 1 to 4096"},
		{"PUT", x, `{"dimension":2,"distance":"l2"}`, 400, "field `distance` must be `cosine`, `euclidean` or `dot`"},
		{"PUT", x, `{"dimension":2,"backend":"flat"}`, 400, "field `backend` must be `hnsw`"},
		{"PUT", x, `{"dimension":2,"name":"x"}`, 400, "unknown field `name`; expected one of `dimension`, `distance`, `backend`, `space`"},
		{"PUT", x, `{"dimension":2.0,"distance":"euclidean"}`, 201, made},
		{"PUT", x, `{"dimension":2,"distance":"euclidean","space":null}`, 200, made},
		{"PUT", x, `{"dimension":2}`, 409, "index `x` exists with dimension 2, distance `euclidean`, backend `hnsw`, space `null`"},
		{"GET", x + "/", "", 404, "no route for `GET /v1/vectors/indexes/x/`"},
		{"PATCH", x, "", 405, "`PATCH` is not allowed on `/v1/vectors/indexes/x`; allowed: `GET`, `HEAD`, `PUT`, `DELETE`"},
		{"POST", x + "/items", `{"items":[]}`, 400, "field `items` must be an array of 1 to 1000 objects"},
		{"POST", x + "/items", `{"items":[{"id":"a","vector":[1,2]},{"ID":"b"}]}`, 400, "item 1: unknown field `ID`; expected one of `id`, `vector`, `metadata`"},
		{"POST", x + "/items", `{"items":[{"id":"","vector":[1]}]}`, 400, "item 0: field `id` must be a string of 1 to 256 bytes"},
		{"POST", x + "/items", `{"items":[{"id":"a","vector":[1]}],"space":"s"}`, 409, "index `x` holds vectors of space `null`, not `s`"},
		{"POST", x + "/items", `{"items":[{"id":"a","vector":[1]}]}`, 400, "item 0 (`a`): vector has 1 components, index `x` has 2"},
		{"POST", x + "/items", `{"items":[{"id":"a","vector":[1e15,1000000000000000.01]}]}`, 400, "item 0 (`a`): component 1 of the vector is not within ±1e15"},
		{"POST", x + "/items", `{"items":[{"id":"w/1 é","vector":[3,4],"metadata":{ "n" : 1.0, "n":2}},{"id":"delete","vector":[0,0],"metadata":null},{"id":"b","vector":[6,8]}]}`, 200, `{"upserted":3}`},
		{"GET", x + "/items/w%2F1%20%c3%A9", "", 200, `{"id":"w/1 é","vector":[3,4],"metadata":{"n":1.0,"n":2}}`},
		{"GET", x + "/items/delete", "", 200, `{"id":"delete","vector":[0,0],"metadata":{}}`},
		{"GET", x + "/items/%ff", "", 400, "item id is not valid UTF-8"},
		{"PUT", x + "/items/delete", "", 405, "`PUT` is not allowed on `/v1/vectors/indexes/x/items/delete`; allowed: `GET`, `HEAD`, `POST`, `DELETE`"},
		{"POST", x + "/search", `{"vector":[0,0],"k":2}`, 200, `{"hits":[{"id":"delete","distance":0,"metadata":{}},{"id":"w/1 é","distance":5,"metadata":{"n":1.0,"n":2}}]}`},
		{"POST", x + "/search", `{"vector":[0,0],"filter":{"eq":{"field":"n","value":2}}}`, 200, `{"hits":[{"id":"w/1 é","distance":5,"metadata":{"n":1.0,"n":2}}]}`},
		{"POST", x + "/search", `{"vector":[0,0],"filter":{"eq":1},"ef":0}`, 400, "`filter.eq` must be an object of `field`, a string, and `value`, a string, a number, a boolean or null"},
		{"POST", x + "/search", `{"vector":[0,0],"exclude_ids":["delete","w/1 é"],"ef":9}`, 200, `{"hits":[{"id":"b","distance":10,"metadata":{}}]}`},
		{"POST", x + "/search", `{"vector":[0]}`, 400, "vector has 1 components, index `x` has 2"},
		{"POST", x + "/search", `{"vector":[0,1e400],"space":"s"}`, 409, "index `x` holds vectors of space `null`, not `s`"},
		{"POST", "/v1/vectors/indexes/y/search", `{"vector":[]}`, 400, "field `vector` must be an array of 1 to 4096 numbers"},
		{"POST", "/v1/vectors/indexes/y/search", `{"vector":[1]}`, 404, "unknown index `y`"},
		{"POST", x + "/items/delete", `{"ids":["b","b","none"]}`, 200, `{"deleted":1}`},
		{"DELETE", x + "/items/b", "", 404, "index `x` has no item `b`"},
		{"DELETE", x + "/items/w%2f1%20%C3%A9", "", 200, `{"deleted":1}`},
		{"DELETE", "/vectors/index/x", "", 200, `{"dropped":"x"}`},
		{"DELETE", x, "", 404, "unknown index `x`"},
	})
}

// TestRestart writes to one server and reads from the next.
func TestRestart(t *testing.T) {
	root := t.TempDir()
	serve := func(steps []step) {
		s, err := New(Config{Root: root})
		if err != nil {
			t.Fatal(err)
		}
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.Serve(ctx, listener) }()
		run(t, "http://"+listener.Addr().String(), steps)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	}
	const described = `{"name":"c","model":"hash-768","dimension":768,"documents":1}`
	serve([]step{
		{"PUT", "/v1/matrix/corpora/c", `{}`, 201, strings.Replace(described, "1}", "0}", 1)},
		{"POST", "/v1/matrix/corpora/c/documents", `{"id":"a","text":"one"}` + "\n" + `{"id":"b","text":"two","metadata":{"x":1e0}}`, 200, `{"taken":2,"refused":0,"errors":[]}`},
		{"DELETE", "/v1/matrix/corpora/c/documents/a", "", 200, `{"deleted":1}`},
	})
	serve([]step{
		{"GET", "/v1/matrix/corpora", "", 200, `{"corpora":[` + described + `]}`},
		{"GET", "/v1/matrix/corpora/c/documents/b", "", 200, `{"id":"b","text":"two","metadata":{"x":1e0}}`},
	})
}
