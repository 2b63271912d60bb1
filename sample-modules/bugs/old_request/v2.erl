%% votes, version 2: a vote has a weight. Votes in the old format still come.
%%
%% With a bug: a vote whose name is no atom stays in the old format, and comes again and
%% again. Its correct twin is twin_v2.erl.
-module(votes).
-vsn("2").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{votes => 0}}.

handle_call(count, _, #{votes := N} = State) -> {reply, N, State}.

handle_cast({vote, _, Weight}, #{votes := N}) ->
    {noreply, #{votes => N + Weight}};
handle_cast(Vote, State) ->
    gen_server:cast(self(), new_format(Vote)),
    {noreply, State}.

%% A vote in the format of this version.
new_format({vote, Name}) when is_atom(Name) -> {vote, Name, 1};
new_format(Vote) -> Vote.
