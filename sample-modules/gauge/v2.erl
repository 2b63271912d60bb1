%% gauge, version 2: answers with its version. Before it is loaded it asks the
%% one that runs for its own, waits for till, and has till take a note of both.
-module(gauge).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).
-on_load(prepare/0).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, gauge}.

handle_call(version, _, State) -> {reply, 2, State};
%% What scale says that this weighs.
handle_call({weigh, N}, _, State) -> {reply, scale:weigh(N), State}.

handle_cast(never, State) -> {noreply, State}.

%% As long as this runs, the version before serves.
prepare() ->
    Running = gen_server:call(gauge, version),
    Open = gen_server:call(till, open),
    gen_server:cast(till, {note, {Running, Open}}).
