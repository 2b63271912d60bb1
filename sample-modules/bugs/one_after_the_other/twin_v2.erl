%% clerk, version 2, without the bug of v2.erl: it is told when it is done, and can be
%% asked meanwhile.
-module(clerk).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, handle_info/2]).

%% How long it takes to serve somebody, in milliseconds.
-define(TAKES, 60000).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{served => 0}}.

handle_call(served, _, #{served := Served} = State) -> {reply, 2 * Served, State}.

handle_cast(serve, State) ->
    erlang:send_after(?TAKES, self(), done),
    {noreply, State}.

handle_info(done, #{served := Served} = State) -> {noreply, State#{served := Served + 1}}.
