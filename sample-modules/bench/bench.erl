%% bench: what the benchmarks run on a real node. Each gives microseconds.
-module(bench).
-vsn("1").
-export([calls/1, upgrade/3]).

%% Calls of counter, by one process, one after the other.
calls(N) ->
    {ok, Server} = counter:start_link(bench_counter, 0),
    {Time, ok} = timer:tc(fun() -> call(Server, N) end),
    gen_server:stop(Server),
    Time.

call(_, 0) -> ok;
call(Server, N) ->
    gen_server:call(Server, {add, 1}),
    call(Server, N - 1).

%% Suspends N counters, loads the new version, converts their states, resumes them.
upgrade(N, Old, New) ->
    {module, counter} = code:load_binary(counter, "counter", Old),
    Servers = [element(2, gen_server:start(counter, 0, [])) || _ <- lists:seq(1, N)],
    {Time, ok} = timer:tc(fun() ->
        [ok = sys:suspend(S) || S <- Servers],
        {module, counter} = code:load_binary(counter, "counter", New),
        [ok = sys:change_code(S, counter, "1", []) || S <- Servers],
        [ok = sys:resume(S) || S <- Servers],
        ok
    end),
    [gen_server:stop(S) || S <- Servers],
    code:purge(counter),
    Time.
