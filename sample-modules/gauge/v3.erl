%% gauge, version 3: answers with its version. It refuses to be loaded.
-module(gauge).
-vsn("3").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).
-on_load(prepare/0).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, gauge}.

handle_call(version, _, State) -> {reply, 3, State};
%% What scale says that this weighs.
handle_call({weigh, N}, _, State) -> {reply, scale:weigh(N), State}.

handle_cast(never, State) -> {noreply, State}.

prepare() -> not_today.
